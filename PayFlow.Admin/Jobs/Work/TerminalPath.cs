using Npgsql;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Jobs.Work;

/// <summary>Where a terminal's file lies.</summary>
internal static class TerminalPath
{
    /// <exception cref="SyncException">The terminal is gone, was detached, or nobody knows its file.</exception>
    public static async Task<string> FindAsync(NpgsqlDataSource central, string terminal, CancellationToken cancellationToken)
    {
        var known = await new TerminalRegistry(central).FindAsync(terminal, cancellationToken)
            ?? throw new SyncException(SyncErrorCode.IdentityMismatch, $"Central no longer knows a terminal {terminal}", "Delete the job.") { Terminal = terminal };
        return known switch
        {
            { State: TerminalState.Detached } => throw new SyncException(SyncErrorCode.IdentityMismatch, $"Terminal {terminal} was detached", "Attach it again and requeue the job, or delete it.") { Terminal = terminal },
            { FilePath: { } path } => path,
            _ => throw new SyncException(SyncErrorCode.TerminalUnavailable, $"Central does not know where the file of terminal {terminal} lies", "Attach it on a host that can open its file: payflow attach --sqlite FILE --terminal ID") { Terminal = terminal },
        };
    }
}
