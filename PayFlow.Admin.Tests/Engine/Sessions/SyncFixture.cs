using Npgsql;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>A central with tables, a map, and as many terminals as a test wants.</summary>
internal sealed class SyncFixture : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _syncs = [];
    private readonly List<TerminalFile> _files = [];

    private SyncFixture(CentralDatabase database, NpgsqlDataSource source)
    {
        Database = database;
        Source = source;
    }

    public CentralDatabase Database { get; }

    public NpgsqlDataSource Source { get; }

    public static async Task<SyncFixture> CreateAsync(string centralSchema, params TableMapEntry[] map)
    {
        var database = await CentralDatabase.CreateMigratedAsync();
        await database.ExecuteAsync(centralSchema);
        var source = await PostgresSource.OpenAsync(database.ConnectionString, CancellationToken.None);
        if (map.Length > 0)
            await new TableMapStore(source).SaveAsync(new TableMap(map), null, CancellationToken.None);
        return new SyncFixture(database, source);
    }

    /// <summary>A new file with this schema, attached.</summary>
    public async Task<Till> TillAsync(string id, string schema, IReadOnlyDictionary<string, string>? attributes = null, SyncOptions? options = null, bool bootstrap = true)
    {
        var file = new TerminalFile(schema);
        _files.Add(file);
        await new Attachment(Source).AttachAsync(new AttachRequest { Path = file.Path, Terminal = id, Attributes = attributes }, CancellationToken.None);
        var till = Open(id, file, options);
        if (bootstrap)
            await till.Sync.RunAsync(new SyncRequest { Bootstrap = true });
        return till;
    }

    /// <summary>Another engine on a file, as after a restart of the host.</summary>
    public Till Open(string id, TerminalFile file, SyncOptions? options = null, TimeProvider? time = null)
    {
        var sync = new TerminalSync(file.Path, new PostgresCentral(Source), options ?? new SyncOptions { TransientAttempts = 2, TransientDelay = TimeSpan.FromMilliseconds(50) }, time);
        _syncs.Add(sync);
        return new Till(id, file, sync, SettledAsync);
    }

    /// <summary>The same terminal under an engine with other options; the old engine lets go of the file.</summary>
    public async Task<Till> ReopenAsync(Till till, SyncOptions? options = null, TimeProvider? time = null)
    {
        await till.Sync.DisposeAsync();
        return Open(till.Id, till.File, options, time);
    }

    /// <summary>Waits until no transaction on the server is older than this moment.</summary>
    public async Task SettledAsync()
    {
        var now = await Database.ScalarAsync<string>("SELECT pg_current_xact_id()::text");
        while (!await Database.ScalarAsync<bool>($"SELECT pg_snapshot_xmin(pg_current_snapshot()) > '{now}'::xid8"))
            await Task.Delay(20);
    }

    /// <summary>Runs until the engine comes to a step for the given time, and dies there; the engine is gone then.</summary>
    public async Task<Till> KillAtAsync(Till till, string step, SyncRequest? request = null, int time = 1, Action? first = null)
    {
        var seen = 0;
        var doomed = await ReopenAsync(till, new SyncOptions
        {
            Step = name =>
            {
                if (name != step || ++seen != time)
                    return;
                first?.Invoke();
                throw new KilledException(step);
            },
        });
        await SettledAsync();
        await Assert.ThrowsAsync<KilledException>(() => doomed.Sync.RunAsync(request));
        return await ReopenAsync(doomed);
    }

    /// <summary>The first column of all rows in central, as text.</summary>
    public async Task<List<string?>> TextsAsync(string sql)
    {
        await using var command = Database.DataSource.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string?>();
        while (await reader.ReadAsync())
            texts.Add(reader.IsDBNull(0) ? null : Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture));
        return texts;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sync in _syncs)
            await sync.DisposeAsync();
        await Source.DisposeAsync();
        await Database.DisposeAsync();
        foreach (var file in _files)
            file.Dispose();
    }
}
