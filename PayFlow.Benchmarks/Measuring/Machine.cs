using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace PayFlow.Benchmarks.Measuring;

/// <summary>What a figure was measured on, in one line.</summary>
internal static class Machine
{
    public static async Task<string> DescribeAsync(string server)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var settings = new NpgsqlCommand("SELECT format('fsync %s', current_setting('fsync'))", connection);
        var fsync = await settings.ExecuteScalarAsync();
        using var sqlite = new SqliteConnection("Data Source=:memory:");
        sqlite.Open();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        return string.Create(CultureInfo.InvariantCulture,
            $"{Processor()}, {Environment.ProcessorCount} cores, {memory:0.0} GB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, PostgreSQL {connection.PostgreSqlVersion} ({fsync}), SQLite {sqlite.ServerVersion}");
    }

    // "model name	: AMD EPYC"
    private static string Processor()
    {
        const string Info = "/proc/cpuinfo";
        var line = File.Exists(Info) ? File.ReadLines(Info).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
