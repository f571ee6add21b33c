using System.Globalization;
using Npgsql;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Sessions;
using Xunit;
using Xunit.Abstractions;

namespace PayFlow.Admin.Tests.Engine.Convergence;

/// <summary>
/// Whatever happens on two tills and in central, in whatever order, with crashes and races: when everybody is left in peace, both sides become equal and nothing is lost.
/// <c>PAYFLOW_TEST_SEED</c> is the first seed, <c>PAYFLOW_TEST_CASES</c> how many.
/// </summary>
public sealed class ConvergenceTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Random_histories_of_two_tills_and_central_converge()
    {
        var first = Setting("PAYFLOW_TEST_SEED", 1);
        var cases = Setting("PAYFLOW_TEST_CASES", 20);
        await using var database = await CentralDatabase.CreateMigratedAsync();
        var text = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Options = "-c lock_timeout=150ms" }.ConnectionString;
        await using var source = await PostgresSource.OpenAsync(text, CancellationToken.None);
        var failures = new List<string>();
        for (var seed = first; seed < first + cases; seed++)
        {
            if (await new ChainHistory(source, seed).RunAsync(shrinks: failures.Count < 3) is not { } failure)
                continue;
            failures.Add(failure);
            output.WriteLine(failure);
            if (failures.Count == 20)
                break;
        }
        Assert.True(failures.Count == 0, $"{failures.Count} histories failed; the first:\n{failures.FirstOrDefault()}");
    }

    private static int Setting(string name, int fallback) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
