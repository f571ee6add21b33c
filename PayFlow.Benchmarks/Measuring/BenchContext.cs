using Npgsql;
using PayFlow.Benchmarks.Data;

namespace PayFlow.Benchmarks.Measuring;

/// <summary>Where measurements take place.</summary>
/// <param name="Server">A connection to the PostgreSQL server, in a role that may create databases.</param>
/// <param name="Folder">For SQLite files; removed afterwards.</param>
/// <param name="Rows">Rows of the loads.</param>
/// <param name="Say">Takes one line of progress.</param>
internal sealed record BenchContext(string Server, string Folder, int Rows, Action<string> Say)
{
    private int _files;

    public Task<BenchDatabase> CreateDatabaseAsync() => BenchDatabase.CreateAsync(Server);

    /// <summary>A path that no file has yet.</summary>
    public string NewFile() => Path.Combine(Folder, $"till{++_files}.db");

    /// <summary>Settles what earlier steps left to the disk, so that nobody pays for somebody else's writes.</summary>
    public async Task SettleAsync()
    {
        await using var connection = new NpgsqlConnection(Server);
        await connection.OpenAsync();
        await using var checkpoint = new NpgsqlCommand("CHECKPOINT", connection) { CommandTimeout = 0 };
        await checkpoint.ExecuteNonQueryAsync();
        Disk.Sync();
        GC.Collect();
    }
}
