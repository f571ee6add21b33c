using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Sample;

/// <summary>Sets up a small retail chain to try PayFlow with: the head office's tables in PostgreSQL, and tills as SQLite files.</summary>
public static class SampleChain
{
    /// <summary>Sales that a till delivered with the catalogue has made before anybody attached it.</summary>
    public const int SalesBeforeAttach = 12;

    /// <summary>The sample's calendar begins here; the wall clock has no part in it.</summary>
    public static DateTimeOffset Opening { get; } = new(2025, 3, 3, 8, 0, 0, TimeSpan.Zero);

    /// <summary>The tables that both sides have, by name.</summary>
    public static IReadOnlyList<string> TableNames { get; } = [.. SampleMap.Entries.Select(e => e.Name)];

    /// <summary>True when schema <c>public</c> has all of the sample's tables.</summary>
    public static async Task<bool> ExistsAsync(NpgsqlDataSource central, CancellationToken cancellation = default)
    {
        await using var connection = await central.OpenConnectionAsync(cancellation);
        return (await FindTablesAsync(connection, cancellation)).Count == TableNames.Count;
    }

    /// <summary>Creates the head office's tables and fills them, in one transaction.</summary>
    /// <exception cref="SyncException">One of the tables exists already; nothing was changed.</exception>
    public static async Task CreateCentralAsync(NpgsqlDataSource central, SampleSize size, int seed, CancellationToken cancellation = default)
    {
        var catalogue = SampleCatalogue.Generate(size, seed);
        await using var connection = await central.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var existing = await FindTablesAsync(connection, cancellation);
        if (existing.Count > 0)
        {
            throw new SyncException(
                SyncErrorCode.InvalidConfiguration,
                $"the sample chain cannot be created in database {connection.Database}: schema public already has {string.Join(", ", existing)}",
                "Name an empty database for the sample, or go on with the tables that are there.");
        }
        await using (var create = new NpgsqlCommand(Script("central.sql"), connection))
            await create.ExecuteNonQueryAsync(cancellation);
        foreach (var table in catalogue.Tables)
            await CopyAsync(connection, table, cancellation);
        await transaction.CommitAsync(cancellation);
        await using var analyze = new NpgsqlCommand("ANALYZE", connection);
        await analyze.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// Creates a till's file. Without <paramref name="preload"/> its tables are empty, as on a till that gets everything by its first load.
    /// With it the till was delivered with the catalogue and has been selling: it has rows of its own that no capture has seen.
    /// </summary>
    /// <exception cref="SyncException">The file exists already, or its folder does not.</exception>
    public static void CreateTill(string path, SampleTill till, int seed, SampleCatalogue? preload = null)
    {
        if (File.Exists(path))
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"the till {till.Code} cannot be created: {path} exists already", "Name another file, or delete this one if it is no longer needed.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"the till {till.Code} cannot be created: the folder {folder} does not exist", "Create the folder first.");
        using (var connection = SampleTillFile.Open(path, create: true))
        {
            using var transaction = connection.BeginTransaction();
            SampleTillFile.Execute(connection, Script("till.sql"));
            if (preload is not null)
                SampleTillFile.Load(connection, till, preload);
            transaction.Commit();
        }
        if (preload is not null)
            new SampleCashier(path, till, seed, Opening.AddDays(-1)).SellOffline(SalesBeforeAttach);
    }

    private static async Task<IReadOnlyList<string>> FindTablesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT tablename::text
            FROM pg_catalog.pg_tables
            WHERE schemaname = 'public' AND tablename = ANY ($1)
            ORDER BY 1
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. TableNames] });
        var found = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(reader.GetString(0));
        return found;
    }

    private static async Task CopyAsync(NpgsqlConnection connection, SampleTable table, CancellationToken cancellation)
    {
        var columns = string.Join(", ", table.Columns.Select(c => c.Name));
        await using var copy = await connection.BeginBinaryImportAsync($"COPY public.{table.Name} ({columns}) FROM STDIN (FORMAT binary)", cancellation);
        foreach (var row in table.Rows)
        {
            await copy.StartRowAsync(cancellation);
            for (var i = 0; i < row.Length; i++)
                await WriteAsync(copy, row[i], table.Columns[i].Type, cancellation);
        }
        await copy.CompleteAsync(cancellation);
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, object? value, NpgsqlDbType type, CancellationToken cancellation) => value switch
    {
        null => copy.WriteNullAsync(cancellation),
        // timestamp without time zone holds UTC by convention, and Npgsql insists on being told that it knows of no zone.
        DateTime instant => copy.WriteAsync(DateTime.SpecifyKind(instant, DateTimeKind.Unspecified), type, cancellation),
        _ => copy.WriteAsync(value, type, cancellation),
    };

    private static string Script(string name)
    {
        using var stream = typeof(SampleChain).Assembly.GetManifestResourceStream($"PayFlow.Admin.Sample.{name}")
            ?? throw new InvalidOperationException($"{name} is not embedded in this program");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
