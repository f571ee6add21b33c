using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using PayFlow.Benchmarks.Data;
using PayFlow.Benchmarks.Measuring;
using PayFlow.Sync.Engine.Integrity.Verify;

namespace PayFlow.Benchmarks.Verify;

/// <summary>Comparing a terminal with central, against reading both sides in key order at the same time and looking at nothing.</summary>
internal sealed class VerifyMeasurement : IMeasurement
{
    private const int RoundCount = 5;
    private const int ToReach = 200_000;

    public string Name => "verify";

    public async Task<IReadOnlyList<BenchResult>> RunAsync(BenchContext context)
    {
        await using var central = await context.CreateDatabaseAsync();
        await central.ExecuteAsync(BenchDatabase.SalesTable());
        await central.CopyAsync(SaleRows.Make(context.Rows));
        await central.ExecuteAsync("VACUUM ANALYZE sales");
        await central.UseEngineAsync("sales");
        var path = context.NewFile();
        TillFile.Create(path).Dispose();
        await TillFile.AttachAsync(path, central);
        await using (var sync = TillFile.Sync(path, central))
            Require.Moved(await sync.RunAsync(), context.Rows);
        await context.SettleAsync();
        // What only a first run pays for is no part of it.
        await VerifyAsync(context, central, path);
        var rounds = await Rounds.AlternateAsync(RoundCount, _ => VerifyAsync(context, central, path), _ => ReadAsync(context, central, path));
        TillFile.Delete(path);
        var memory = Environment.WorkingSet / (1 << 20);
        var rate = context.Rows / rounds.Subject;
        return [new(Name, rounds.Subject, rounds.Floor, rounds.Ratio, rounds.Ratio * rate / ToReach,
            string.Create(CultureInfo.InvariantCulture, $"{rate:N0} of {context.Rows:N0} rows a second (to reach: {ToReach:N0}; the target is that, as a ratio), {memory} MB; floor: both sides read in key order at once"))];
    }

    private static async Task<double> VerifyAsync(BenchContext context, BenchDatabase central, string path)
    {
        VerifyReport? report = null;
        var seconds = await Rounds.TimeAsync(async () => report = await new Verification(path, central.Source).RunAsync());
        Require.Equal(context.Rows, report!.Tables.Sum(t => t.Equal), "rows that are equal");
        return seconds;
    }

    private static Task<double> ReadAsync(BenchContext context, BenchDatabase central, string path) => Rounds.TimeAsync(async () =>
    {
        var counts = await Task.WhenAll(Task.Run(() => ReadCentralAsync(central)), Task.Run(() => ReadTill(path)));
        Require.Equal(context.Rows, counts[0], "rows read from central");
        Require.Equal(context.Rows, counts[1], "rows read from the terminal");
    });

    private static async Task<int> ReadCentralAsync(BenchDatabase central)
    {
        await using var connection = new NpgsqlConnection(central.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT * FROM sales ORDER BY id COLLATE \"C\"", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new object[reader.FieldCount];
        var rows = 0;
        for (; await reader.ReadAsync(); rows++)
            reader.GetValues(values);
        return rows;
    }

    private static int ReadTill(string path)
    {
        using var till = TillFile.Open(path);
        using var command = till.Connection.CreateCommand();
        command.CommandText = "SELECT * FROM sales ORDER BY id";
        using SqliteDataReader reader = command.ExecuteReader();
        var values = new object[reader.FieldCount];
        var rows = 0;
        for (; reader.Read(); rows++)
            reader.GetValues(values);
        return rows;
    }
}
