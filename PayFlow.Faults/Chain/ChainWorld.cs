using System.Data.Common;
using Npgsql;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Faults.Chain;

/// <summary>Central and the tills of one case, and everything that can happen to them.</summary>
internal sealed class ChainWorld : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly string _schema;
    private readonly List<IChainTill> _tills = [];
    private readonly ChainWriter _writer;
    private NpgsqlConnection _central = null!;
    private NpgsqlConnection _slow = null!;
    private (ChainSnapshot Before, ChainSnapshot After) _slowChange;
    private NpgsqlTransaction? _slowTransaction;

    private ChainWorld(NpgsqlDataSource source, ChainShape shape, string schema)
    {
        _source = source;
        Shape = shape;
        _schema = schema;
        _writer = new ChainWriter(shape, Ledger, Columns, Log);
    }

    public ChainShape Shape { get; }

    public TokenLedger Ledger { get; } = new();

    public ChainColumns Columns { get; } = new();

    public IReadOnlyList<IChainTill> Tills => _tills;

    public DbConnection Central => _central;

    public NpgsqlDataSource Source => _source;

    /// <summary>What happened, in words.</summary>
    public List<string> Log { get; } = [];

    /// <summary>How many days a till's clock is off.</summary>
    public Dictionary<string, int> Days { get; } = [];

    /// <summary>What takes the place of an undisturbed run; null for runs that crash at a drawn step now and then.</summary>
    public Func<IChainTill, SyncRequest, Random, Task>? Disturb { get; set; }

    public static async Task<ChainWorld> CreateAsync(NpgsqlDataSource source, ChainShape shape, string schema, IReadOnlyList<IChainTill> tills, Random random)
    {
        var world = new ChainWorld(source, shape, schema);
        await world.ConnectAsync();
        try
        {
            await world.SetUpAsync(tills, random);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    private async Task SetUpAsync(IReadOnlyList<IChainTill> tills, Random random)
    {
        Execute(_central, $"CREATE SCHEMA IF NOT EXISTS {_schema}; {Shape.CentralDdl}");
        await SaveMapAsync(new Dictionary<string, IReadOnlyDictionary<string, string>>());
        _tills.AddRange(tills);
        for (var i = random.Next(8); i > 0; i--)
            ChangeCentral(random);
        foreach (var till in _tills)
        {
            for (var i = random.Chance(50) ? random.Next(6) : 0; i > 0; i--)
                ChangeTill(till, random);
            await till.AttachAsync();
        }
    }

    /// <summary>Connects central's writers; again when the server has come down, and an open transaction with it.</summary>
    public async Task ConnectAsync()
    {
        _slowTransaction = null;
        // What broke with the server is not closed again: that would only say once more that it is broken.
        _source.Clear();
        (_central, _slow) = (await _source.OpenConnectionAsync(), await _source.OpenConnectionAsync());
        foreach (var connection in new[] { _central, _slow })
            Execute(connection, $"SET search_path = {_schema}; SET lock_timeout = '150ms'");
    }

    /// <param name="renames">By table: terminal column to central column.</param>
    public Task SaveMapAsync(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> renames) =>
        new TableMapStore(_source).SaveAsync(new TableMap([.. Shape.Tables.Select(t => renames.TryGetValue(t.Name, out var names) ? t.Entry(_schema) with { Renames = names } : t.Entry(_schema))]), null, CancellationToken.None);

    /// <summary>One thing that happens, drawn from its own seed, so that leaving another out does not change it.</summary>
    public async Task ActAsync(int seed)
    {
        var random = new Random(seed);
        switch (random.Next(100))
        {
            case < 35:
                ChangeTill(random.Pick(_tills), random);
                break;
            case < 58:
                ChangeCentral(random);
                break;
            case < 66:
                ChangeSlowly(random);
                break;
            case < 69:
                await SyncAsync(random.Pick(_tills), new SyncRequest { Bootstrap = true }, random);
                break;
            case < 73:
                await DecideAsync(random, limit: 3);
                break;
            default:
                await SyncAsync(random.Pick(_tills), new SyncRequest { Direction = random.Chance(70) ? SyncDirection.Both : random.Chance(50) ? SyncDirection.Pull : SyncDirection.Push, Tables = random.Chance(10) ? [random.Pick(Shape.Tables).Name] : null }, random);
                break;
        }
    }

    /// <summary>Somebody decides open conflicts.</summary>
    public Task<int> DecideAsync(Random random, int limit) => new ChainDecider(this, _source).DecideAsync(random, limit);

    /// <summary>Both sides change the same field of one row of the first table that can have an open conflict; false when there is none.</summary>
    public bool Dispute(IChainTill till)
    {
        foreach (var table in Shape.Tables.Where(t => t.Direction == SyncDirection.Both))
        {
            var (here, there) = (Snapshot(till), SnapshotCentral());
            if (here.Rows.Where(r => r.Value.Table == table && there.Rows.ContainsKey(r.Key)).Select(r => r.Key).Order(StringComparer.Ordinal).FirstOrDefault() is not { } token)
                continue;
            using var connection = till.File.Open();
            var sql = $"UPDATE {table.Name} SET v1 = '{{0}}' WHERE token = '{token}'";
            _writer.Say(new ChainSide(IsTerminal: true, till.Id, StoreOf(till)), connection, sql);
            _writer.Say(new ChainSide(IsTerminal: false, ChainColumns.Central, null), _central, sql);
            return true;
        }
        return false;
    }

    /// <summary>Rows come and go on this till while its engine is held up.</summary>
    public void ChangeAt(string step, IChainTill till, Random random)
    {
        Log.Add($"   at {step}:");
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            if (random.Chance(70))
                ChangeTill(till, random);
            else
                ChangeCentral(random);
        }
    }

    public void ChangeTill(IChainTill till, Random random)
    {
        using var connection = till.File.Open();
        var side = new ChainSide(IsTerminal: true, till.Id, StoreOf(till), Days.GetValueOrDefault(till.Id));
        _writer.Change(side, connection, random, random.Chance(70) ? 1 : random.Next(2, 5));
    }

    /// <summary>A POS program's transaction that stays open, and holds the file's write lock, until the caller commits it.</summary>
    public ChainTransaction? BeginTill(IChainTill till, Random random)
    {
        var connection = till.File.Open();
        var side = new ChainSide(IsTerminal: true, till.Id, StoreOf(till), Days.GetValueOrDefault(till.Id));
        var transaction = connection.BeginTransaction();
        if (_writer.Write(side, connection, transaction, random, random.Next(1, 4)) is { } change)
            return new ChainTransaction(connection, transaction, () => Ledger.Commit(till.Id, change.Before, change.After));
        connection.Dispose();
        return null;
    }

    /// <summary>Many new rows in one statement at a till.</summary>
    public void FillTill(IChainTill till, Random random, int rows)
    {
        using var connection = till.File.Open();
        _writer.Fill(new ChainSide(IsTerminal: true, till.Id, StoreOf(till)), connection, random, rows);
    }

    public void ChangeCentral(Random random) =>
        _writer.Change(new ChainSide(IsTerminal: false, ChainColumns.Central, null), _central, random, random.Chance(70) ? 1 : random.Next(2, 5));

    public static string StoreOf(IChainTill till) => till.Id[^1..];

    public ChainSnapshot Snapshot(IChainTill till)
    {
        using var connection = till.File.Open();
        return _writer.Snapshot(connection, null);
    }

    public ChainSnapshot SnapshotCentral()
    {
        try
        {
            return _writer.Snapshot(_central, null);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // The open transaction has truncated a table: nobody reads it before that has ended.
            EndSlow(commit: true);
            return _writer.Snapshot(_central, null);
        }
    }

    /// <summary>A statement of an administrator in central.</summary>
    public void ExecuteCentral(string sql)
    {
        Log.Add($"   central: {sql}");
        Execute(_central, sql);
    }

    /// <summary>A transaction of the head office that stays open while others come and go.</summary>
    public void ChangeSlowly(Random random)
    {
        if (_slowTransaction is not null)
        {
            EndSlow(random.Chance(80));
            return;
        }
        _slowTransaction = _slow.BeginTransaction();
        Log.Add("-- slow begins");
        if (_writer.Write(new ChainSide(IsTerminal: false, ChainColumns.Central, null), _slow, _slowTransaction, random, random.Next(1, 4)) is { } change)
        {
            _slowChange = change;
            return;
        }
        _slowTransaction.Dispose();
        _slowTransaction = null;
    }

    public void EndSlow(bool commit)
    {
        if (_slowTransaction is null)
            return;
        Log.Add($"-- slow {(commit ? "commits" : "rolls back")}");
        if (commit)
            _slowTransaction.Commit();
        else
            _slowTransaction.Rollback();
        if (commit)
            Ledger.Commit(ChainColumns.Central, _slowChange.Before, _slowChange.After);
        _slowTransaction.Dispose();
        _slowTransaction = null;
    }

    public async ValueTask DisposeAsync()
    {
        EndSlow(commit: false);
        foreach (var till in _tills)
            await till.DisposeAsync();
        await _slow.DisposeAsync();
        await _central.DisposeAsync();
    }

    public async Task DropAsync()
    {
        await DisposeAsync();
        await using var drop = _source.CreateCommand($"DROP SCHEMA {_schema} CASCADE");
        await drop.ExecuteNonQueryAsync();
    }

    private async Task SyncAsync(IChainTill till, SyncRequest request, Random random)
    {
        Log.Add($"-- {till.Id} {(request.Bootstrap ? "bootstraps" : "syncs " + request.Direction)} {string.Join(',', request.Tables ?? [])}");
        if (Disturb is not null)
            await Disturb(till, request, random);
        else
            LogRun(await till.SyncAsync(request, Crashes(till, random)));
        ChainPicture.Queue(Log, till);
    }

    public void LogRun(ChainRun? run) => Log.Add(run is null ? "   no report" : $"   {run.Status}, moved {run.Moved}");

    private Action<string> Crashes(IChainTill till, Random random)
    {
        var crashAt = random.Chance(30) ? random.Next(1, 25) : 0;
        var changeAt = random.Chance(35) ? random.Next(1, 14) : 0;
        var count = 0;
        return step =>
        {
            count++;
            if (count == changeAt)
                ChangeAt(step, till, random);
            if (count != crashAt)
                return;
            Log.Add($"   crash at {step}");
            throw new CrashException(step);
        };
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}
