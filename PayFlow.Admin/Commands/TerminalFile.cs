using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Admin.Commands;

/// <summary>A till's file as a verb names it, looked at before central is: a wrong path needs no server to be told.</summary>
internal static class TerminalFile
{
    /// <summary>The id under which the file is attached.</summary>
    /// <exception cref="SyncException">The file cannot be used, was never attached, or is attached under another id than <c>--terminal</c> says.</exception>
    public static string RequireAttached(Invocation call, string path)
    {
        var attached = TerminalInspection.FindTerminal(path)
            ?? throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{path} is not attached to a central", DeviceFile.Exists(path) ? $"It is a till elsewhere. Run: payflow agent --sqlite {path}" : $"Run: payflow attach --sqlite {path}");
        if (call.Terminal is { } asked && asked != attached)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{path} is attached as terminal {attached}, not {asked}", "Leave --terminal out, or name the other till's file.") { Terminal = attached };
        return attached;
    }

    /// <summary>The id for a file that is to be attached: as asked, else as it is attached already, else the file's name without its ending.</summary>
    public static string IdFor(Invocation call, string path, bool asNew)
    {
        var attached = TerminalInspection.FindTerminal(path);
        if (call.Terminal is { } asked)
            return asked;
        if (attached is not null && asNew)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{path} is a copy of terminal {attached}'s file and needs an id of its own", "Give one: --as-new --terminal ID") { Terminal = attached };
        return attached ?? Path.GetFileNameWithoutExtension(path);
    }
}
