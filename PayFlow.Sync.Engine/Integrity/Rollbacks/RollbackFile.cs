using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Integrity.Rollbacks;

/// <summary>The terminal's file of a rollback, open; or why it is not.</summary>
internal sealed class RollbackFile : IDisposable
{
    private RollbackFile(TerminalStore? store, TerminalIdentity? state, string? path, string? trouble)
    {
        Store = store;
        State = state;
        Path = path;
        Trouble = trouble;
    }

    /// <summary>Null when the file cannot be reached from here.</summary>
    public TerminalStore? Store { get; }

    public TerminalIdentity? State { get; }

    public string? Path { get; }

    /// <summary>Why it cannot be reached, in words.</summary>
    public string? Trouble { get; }

    /// <summary>Opens the file that was named, or the one that central knows. Only a named one has to be there.</summary>
    /// <exception cref="SyncException">The named file cannot be used, or is another terminal's.</exception>
    public static RollbackFile Open(string? named, TerminalRecord terminal)
    {
        if (named is not null)
            return Open(named, terminal.Id);
        if (terminal.FilePath is not { } path)
            return new RollbackFile(null, null, null, $"terminal {terminal.Id} is a remote one");
        if (terminal.Fingerprint is { } fingerprint && !fingerprint.StartsWith(Environment.MachineName + ":", StringComparison.Ordinal))
            return new RollbackFile(null, null, path, $"the file of terminal {terminal.Id} is on another machine ({fingerprint})");
        try
        {
            return Open(path, terminal.Id);
        }
        catch (SyncException e)
        {
            return new RollbackFile(null, null, path, e.Message);
        }
    }

    public void Dispose() => Store?.Database.Dispose();

    private static RollbackFile Open(string path, string terminal)
    {
        var store = new TerminalStore(SqliteDatabase.Open(path));
        try
        {
            var state = store.ReadState();
            return state.TerminalId == terminal
                ? new RollbackFile(store, state, path, null)
                : throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{path} is attached as terminal {state.TerminalId}, and the run is one of terminal {terminal}", "Name that terminal's file.") { Terminal = terminal };
        }
        catch
        {
            store.Database.Dispose();
            throw;
        }
    }
}
