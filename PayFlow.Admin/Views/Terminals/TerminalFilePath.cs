using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Views.Terminals;

/// <summary>Where a terminal's file lies, as seen from this host.</summary>
internal static class TerminalFilePath
{
    /// <exception cref="SyncException">Central does not know it, or there is no such file on this host.</exception>
    public static string Require(TerminalRecord terminal)
    {
        if (terminal.FilePath is not { } path)
            throw new SyncException(SyncErrorCode.TerminalUnavailable, $"Central does not know where the file of terminal {terminal.Id} lies", "Attach it on a host that can open its file.") { Terminal = terminal.Id };
        return File.Exists(path)
            ? path
            : throw new SyncException(SyncErrorCode.TerminalUnavailable, $"This host ({Environment.MachineName}) cannot see {path}", "The till's disk may be switched off or not be mounted here; another host may reach it.") { Terminal = terminal.Id };
    }
}
