using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Benchmarks.Data;

/// <summary>A database of its own on the server, dropped when disposed.</summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    private const string CopyIn = "COPY sales (id, article, amount, quantity, paid, sold_at, note, number) FROM STDIN (FORMAT BINARY)";

    private readonly string _server;
    private readonly NpgsqlDataSource _plain;
    private NpgsqlDataSource? _source;

    private BenchDatabase(string server, string connectionString)
    {
        _server = server;
        ConnectionString = connectionString;
        _plain = NpgsqlDataSource.Create(connectionString);
    }

    public string ConnectionString { get; }

    /// <summary>The engine's connections, after <see cref="UseEngineAsync(string[])"/>.</summary>
    public NpgsqlDataSource Source => _source ?? throw new InvalidOperationException("The engine does not use this database.");

    public static async Task<BenchDatabase> CreateAsync(string server)
    {
        var name = "bench_" + Guid.NewGuid().ToString("N");
        await using var admin = new NpgsqlConnection(server);
        await admin.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'", admin) { CommandTimeout = 0 };
        await create.ExecuteNonQueryAsync();
        return new BenchDatabase(server, new NpgsqlConnectionStringBuilder(server) { Database = name, CommandTimeout = 0 }.ConnectionString);
    }

    public static string SalesTable(string name = "sales") => $"""
        CREATE TABLE {name} (
          id       varchar(36)   PRIMARY KEY,
          article  text          NOT NULL,
          amount   numeric(15,4) NOT NULL,
          quantity integer       NOT NULL,
          paid     boolean       NOT NULL,
          sold_at  timestamp(3)  NOT NULL,
          note     text,
          number   bigint        NOT NULL)
        """;

    /// <summary>Makes the database a central that syncs these tables in both directions.</summary>
    public Task UseEngineAsync(params string[] tables) => UseEngineAsync([.. tables.Select(t => new TableMapEntry { Name = t })]);

    /// <summary>Makes the database a central with this table map.</summary>
    public async Task UseEngineAsync(params TableMapEntry[] tables)
    {
        _source = await PostgresSource.OpenAsync(ConnectionString, CancellationToken.None);
        await new TableMapStore(_source).SaveAsync(new TableMap([.. tables]), null, CancellationToken.None);
    }

    /// <summary>A bare binary COPY: what nothing that keeps rows in PostgreSQL can be faster than.</summary>
    public async Task CopyAsync(IEnumerable<SaleRow> rows)
    {
        await using var connection = await _plain.OpenConnectionAsync();
        var importer = await connection.BeginBinaryImportAsync(CopyIn);
        await using (importer)
        {
            foreach (var row in rows)
                Write(importer, row);
            await importer.CompleteAsync();
        }
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = _plain.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = _plain.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public Task<long> CountAsync() => ScalarAsync<long>("SELECT count(*) FROM sales");

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
            await _source.DisposeAsync();
        await _plain.DisposeAsync();
        await using var admin = new NpgsqlConnection(_server);
        await admin.OpenAsync();
        await using var drop = new NpgsqlCommand($"DROP DATABASE {new NpgsqlConnectionStringBuilder(ConnectionString).Database} WITH (FORCE)", admin) { CommandTimeout = 0 };
        await drop.ExecuteNonQueryAsync();
    }

    private static void Write(NpgsqlBinaryImporter importer, SaleRow row)
    {
        importer.StartRow();
        importer.Write(row.Id, NpgsqlDbType.Varchar);
        importer.Write(row.Article, NpgsqlDbType.Text);
        importer.Write(row.Amount, NpgsqlDbType.Numeric);
        importer.Write(row.Quantity, NpgsqlDbType.Integer);
        importer.Write(row.IsPaid, NpgsqlDbType.Boolean);
        importer.Write(row.SoldAt, NpgsqlDbType.Timestamp);
        if (row.Note is null)
            importer.WriteNull();
        else
            importer.Write(row.Note, NpgsqlDbType.Text);
        importer.Write(row.Number, NpgsqlDbType.Bigint);
    }
}
