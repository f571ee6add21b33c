using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Http;

/// <summary>Makes the SQLite file of a registered device a terminal: what <see cref="Attachment"/> does where central is at hand, without its registration, which the host did by the code.</summary>
/// <param name="sqlitePath">The till's file.</param>
/// <param name="device">The registered device.</param>
/// <param name="time">The clock for the file's log.</param>
public sealed class RemoteAttachment(string sqlitePath, DeviceCredentials device, TimeProvider? time = null)
{
    /// <summary>Whether the file is attached; as another terminal than the device it is refused.</summary>
    /// <exception cref="SyncException">It is another terminal's.</exception>
    public bool IsDone()
    {
        using var database = SqliteDatabase.Open(sqlitePath);
        return ReadState(new TerminalStore(database)) is not null;
    }

    /// <summary>Whether the file holds rows from before that were not compared with central yet.</summary>
    public bool IsWaitingForBootstrap()
    {
        using var database = SqliteDatabase.Open(sqlitePath);
        return new TerminalStore(database).ReadTables().Values.Any(t => t.WaitsForBootstrap);
    }

    /// <summary>Installs bookkeeping and capture. Done again it brings the triggers up to date.</summary>
    /// <param name="central">Central by way of the host; stays the caller's.</param>
    /// <param name="cancellationToken">Ends it before the file is changed.</param>
    /// <exception cref="SyncException">The file is another terminal's, or the two sides have no table in common.</exception>
    public async Task<AttachReport> AttachAsync(ICentral central, CancellationToken cancellationToken)
    {
        using var database = SqliteDatabase.Open(sqlitePath);
        var store = new TerminalStore(database);
        var request = new AttachRequest { Path = sqlitePath, Terminal = device.Terminal! };
        return await new FileInstallation(central, store, request, time ?? TimeProvider.System).RunAsync(ReadState(store), cancellationToken);
    }

    private TerminalIdentity? ReadState(TerminalStore store)
    {
        var state = store.IsAttached ? store.ReadState() : null;
        FileInstallation.RequireOwnFile(new AttachRequest { Path = sqlitePath, Terminal = device.Terminal! }, state);
        return state;
    }
}
