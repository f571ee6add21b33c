using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Tests.Engine.Convergence;

/// <summary>Central and two tills of one case, and everything that can happen to them.</summary>
internal sealed class ChainWorld : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly string _schema;
    private readonly List<ChainTill> _tills = [];
    private NpgsqlConnection _central = null!;
    private NpgsqlConnection _slow = null!;
    private readonly Dictionary<string, ChainTable> _slowTokens = new(StringComparer.Ordinal);
    private NpgsqlTransaction? _slowTransaction;

    private ChainWorld(NpgsqlDataSource source, ChainShape shape, string schema)
    {
        _source = source;
        Shape = shape;
        _schema = schema;
    }

    public ChainShape Shape { get; }

    public TokenLedger Ledger { get; } = new();

    public IReadOnlyList<ChainTill> Tills => _tills;

    public DbConnection Central => _central;

    /// <summary>What happened, in words.</summary>
    public List<string> Log { get; } = [];

    public static async Task<ChainWorld> CreateAsync(NpgsqlDataSource source, ChainShape shape, string schema, Random random)
    {
        var world = new ChainWorld(source, shape, schema) { _central = await source.OpenConnectionAsync(), _slow = await source.OpenConnectionAsync() };
        foreach (var connection in new[] { world._central, world._slow })
            Execute(connection, null, $"SET search_path = {schema}; SET lock_timeout = '150ms'");
        Execute(world._central, null, $"CREATE SCHEMA {schema}; {shape.CentralDdl}");
        await new TableMapStore(source).SaveAsync(new TableMap([.. shape.Tables.Select(t => t.Entry(schema))]), null, CancellationToken.None);
        foreach (var id in new[] { "A", "B" })
            world._tills.Add(new ChainTill($"{schema}-{id}", shape, source));
        for (var i = random.Next(8); i > 0; i--)
            world.ChangeCentral(random);
        foreach (var till in world._tills)
        {
            for (var i = random.Chance(50) ? random.Next(6) : 0; i > 0; i--)
                world.ChangeTill(till, random);
            await till.AttachAsync();
        }
        return world;
    }

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
            case < 70:
                await SyncAsync(random.Pick(_tills), new SyncRequest { Bootstrap = true }, random);
                break;
            default:
                await SyncAsync(random.Pick(_tills), new SyncRequest { Direction = random.Chance(70) ? SyncDirection.Both : random.Chance(50) ? SyncDirection.Pull : SyncDirection.Push, Tables = random.Chance(10) ? [random.Pick(Shape.Tables).Name] : null }, random);
                break;
        }
    }

    /// <summary>Ends what is open and syncs until a whole round moves nothing; null when it settles, otherwise what it does.</summary>
    public async Task<string?> QuiesceAsync(int rounds)
    {
        EndSlow(commit: true);
        foreach (var till in _tills)
        {
            await WaitForHorizonAsync();
            if (await till.SyncAsync(new SyncRequest { Bootstrap = true }) is null)
                return $"{till.Id} cannot bootstrap";
        }
        var moves = string.Empty;
        for (var round = 1; round <= rounds; round++)
        {
            moves = string.Empty;
            foreach (var till in _tills)
            {
                await WaitForHorizonAsync();
                var report = await till.SyncAsync();
                if (report is null)
                    return $"{till.Id} cannot sync";
                if (report.Moved > 0)
                    moves += $"{till.Id} moves {string.Join(", ", report.Tables.Where(t => t.Moved > 0).Select(t => $"{t.Moved} {t.Direction} of {t.Table}"))}; ";
            }
            Log.Add($"round {round}: {moves}");
            _tills.ForEach(LogState);
            if (moves.Length == 0)
                return null;
        }
        return $"does not settle in {rounds} rounds: {moves}";
    }

    public async ValueTask DisposeAsync()
    {
        EndSlow(commit: false);
        foreach (var till in _tills)
            await till.DisposeAsync();
        await _slow.DisposeAsync();
        Execute(_central, null, $"SET lock_timeout = 0; DROP SCHEMA {_schema} CASCADE");
        await _central.DisposeAsync();
    }

    private async Task SyncAsync(ChainTill till, SyncRequest request, Random random)
    {
        var crashAt = random.Chance(30) ? random.Next(1, 25) : 0;
        var changeAt = random.Chance(35) ? random.Next(1, 14) : 0;
        var count = 0;
        Log.Add($"-- {till.Id} {(request.Bootstrap ? "bootstraps" : "syncs " + request.Direction)} {string.Join(',', request.Tables ?? [])}");
        var report = await till.SyncAsync(request, step =>
        {
            count++;
            if (count == changeAt)
                ChangeAt(step, till, random);
            if (count != crashAt)
                return;
            Log.Add($"   crash at {step}");
            throw new CrashException(step);
        });
        Log.Add(report is null ? "   no report" : $"   {report.Status}, moved {report.Moved}");
        LogState(till);
    }

    private void LogState(ChainTill till)
    {
        foreach (var row in till.File.Rows("SELECT 'queue', entity_type, entity_id, action, status, attempts, last_error, base FROM sync_queue UNION ALL SELECT 'aside', table_name, key, reason, attempts, NULL, NULL, NULL FROM payflow_aside"))
            Log.Add($"      {till.Id} {string.Join(' ', row)}");
    }

    /// <summary>All rows of both sides as they are now, into the log.</summary>
    public void LogRows()
    {
        foreach (var table in Shape.Tables)
        {
            var columns = string.Join(" || ' ' || ", new[] { "token", table.IsLinked ? "'server ' || coalesce(server_id, '-')" : "''", "coalesce(name, '-')", table.Target is null ? "''" : "coalesce(parent, '-')" });
            foreach (var row in Column(_central, null, $"SELECT 'central {table.Name} ' || t::text FROM {table.Name} t ORDER BY token"))
                Log.Add(row);
            foreach (var till in _tills)
                Log.AddRange(till.File.Rows($"SELECT {columns} FROM {table.Name} ORDER BY token").Select(r => $"{till.Id} {table.Name} {r[0]}"));
        }
    }

    private void ChangeAt(string step, ChainTill till, Random random)
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

    private void ChangeTill(ChainTill till, Random random)
    {
        using var connection = till.File.Open();
        using var transaction = connection.BeginTransaction();
        Change(till.Id, connection, transaction, new ChainStatements(Shape, random, Ledger, isTerminal: true), random.Chance(70) ? 1 : random.Next(2, 5));
    }

    private void ChangeCentral(Random random)
    {
        using var transaction = _central.BeginTransaction();
        Change("central", _central, transaction, new ChainStatements(Shape, random, Ledger, isTerminal: false), random.Chance(70) ? 1 : random.Next(2, 5));
    }

    // A transaction of the head office that stays open while others come and go.
    private void ChangeSlowly(Random random)
    {
        if (_slowTransaction is not null)
        {
            EndSlow(random.Chance(80));
            return;
        }
        _slowTransaction = _slow.BeginTransaction();
        Log.Add("-- slow begins");
        if (Change("slow", _slow, _slowTransaction, new ChainStatements(Shape, random, Ledger, isTerminal: false), random.Next(1, 4), keepOpen: true))
            return;
        _slowTransaction.Dispose();
        _slowTransaction = null;
    }

    private void EndSlow(bool commit)
    {
        if (_slowTransaction is null)
            return;
        Log.Add($"-- slow {(commit ? "commits" : "rolls back")}");
        if (commit)
            _slowTransaction.Commit();
        else
            _slowTransaction.Rollback();
        if (commit)
            Commit(_slowTokens);
        _slowTokens.Clear();
        _slowTransaction.Dispose();
        _slowTransaction = null;
    }

    private bool Change(string who, DbConnection connection, DbTransaction transaction, ChainStatements statements, int count, bool keepOpen = false)
    {
        var before = Tokens(connection, transaction);
        var sql = string.Empty;
        try
        {
            for (var i = 0; i < count; i++)
            {
                sql = statements.Next(query => Column(connection, transaction, query)) ?? "SELECT 1";
                Execute(connection, transaction, sql);
                Log.Add($"   {who}: {sql}");
            }
            var after = Tokens(connection, transaction);
            if (!keepOpen)
                transaction.Commit();
            foreach (var gone in before.Keys.Where(t => !after.ContainsKey(t)))
                Ledger.Forgive(gone);
            if (!keepOpen)
            {
                Commit(after);
                return true;
            }
            foreach (var (token, table) in after)
                _slowTokens[token] = table;
            return true;
        }
        catch (Exception e) when (e is SqliteException { SqliteErrorCode: 19 } || e is PostgresException { SqlState: ['2', '3', ..] or "55P03" or "21000" })
        {
            Log.Add($"   {who}: {sql} -- refused: {e.Message}");
            transaction.Rollback();
            return false;
        }
    }

    private void Commit(Dictionary<string, ChainTable> tokens)
    {
        foreach (var (token, table) in tokens)
            Ledger.Commit(table, token);
    }

    private Dictionary<string, ChainTable> Tokens(DbConnection connection, DbTransaction transaction)
    {
        var tokens = new Dictionary<string, ChainTable>(StringComparer.Ordinal);
        foreach (var table in Shape.Tables)
        {
            foreach (var token in Column(connection, transaction, $"SELECT token FROM {table.Name}"))
                tokens[token] = table;
        }
        return tokens;
    }

    // Other databases of the same server hold the horizon back, too.
    private async Task WaitForHorizonAsync()
    {
        for (var i = 0; i < 2_000; i++)
        {
            if (Column(_central, null, "SELECT count(*)::text FROM payflow.change_log WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())")[0] == "0")
                return;
            await Task.Delay(10);
        }
        throw new TimeoutException("Another transaction on the server holds the change log's horizon back.");
    }

    private static void Execute(DbConnection connection, DbTransaction? transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static List<string> Column(DbConnection connection, DbTransaction? transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var values = new List<string>();
        while (reader.Read())
            values.Add(reader.GetString(0));
        return values;
    }
}
