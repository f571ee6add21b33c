using Npgsql;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Central.Values;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Central.Values;

/// <summary>Sends values the way the engine does: encode, COPY into a staging table, insert from there into a column of the real type, read back.</summary>
public sealed class TravelBench : IAsyncLifetime
{
    private CentralDatabase _database = null!;
    private int _tables;

    /// <summary>Connections with the engine's session settings, on a database whose own settings are as unlike them as can be.</summary>
    public NpgsqlDataSource Source { get; private set; } = null!;

    /// <summary>Connections as other people open them.</summary>
    public NpgsqlDataSource Foreign => _database.DataSource;

    public async Task InitializeAsync()
    {
        _database = await CentralDatabase.CreateAsync();
        var name = new NpgsqlConnectionStringBuilder(_database.ConnectionString).Database;
        await _database.ExecuteAsync($"""
            ALTER DATABASE {name} SET datestyle = 'German';
            ALTER DATABASE {name} SET intervalstyle = 'sql_standard';
            ALTER DATABASE {name} SET bytea_output = 'escape';
            ALTER DATABASE {name} SET timezone = 'Asia/Kathmandu';
            CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s fine');
            CREATE SCHEMA shop;
            CREATE TYPE shop.size AS ENUM ('S', 'M');
            CREATE DOMAIN price AS numeric(10,2) CHECK (VALUE >= 0);
            CREATE DOMAIN code AS varchar(5) CHECK (VALUE <> 'bad');
            CREATE DOMAIN host AS inet;
            CREATE DOMAIN feeling AS mood;
            CREATE DOMAIN span AS interval(2);
            CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
            CREATE EXTENSION IF NOT EXISTS citext;
            """);
        // What was opened before the settings still has the old ones.
        _database.DataSource.Clear();
        var builder = new NpgsqlConnectionStringBuilder(_database.ConnectionString);
        CentralSession.ApplyTo(builder);
        Source = NpgsqlDataSource.Create(builder.ConnectionString);
    }

    /// <summary>A new table with one column of that type, called <c>v</c>.</summary>
    internal async Task<Traveller> TableAsync(string type)
    {
        var table = "t" + Interlocked.Increment(ref _tables);
        await using (var create = Source.CreateCommand($"CREATE TABLE {table} (n int PRIMARY KEY, v {type})"))
            await create.ExecuteNonQueryAsync();
        return new Traveller(Source, table, await ColumnAsync(table));
    }

    public async Task DisposeAsync()
    {
        await Source.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task<ColumnSchema> ColumnAsync(string table)
    {
        await using var command = Source.CreateCommand("""
            SELECT format_type(a.atttypid, a.atttypmod), b.typname, t.typtype = 'd', CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END
            FROM pg_attribute a
            JOIN pg_type t ON t.oid = a.atttypid
            JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
            WHERE a.attrelid = $1::regclass AND a.attname = 'v'
            """);
        command.Parameters.AddWithValue(table);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new ColumnSchema
        {
            Name = "v",
            Type = reader.GetString(0),
            BaseType = reader.GetString(1),
            IsDomain = reader.GetBoolean(2),
            TypeModifier = reader.GetInt32(3),
        };
    }
}
