using PayFlow.Faults.Kinds;
using PayFlow.Faults.Matrix;
using Xunit;
using Xunit.Abstractions;

namespace PayFlow.Admin.Tests.Faults;

/// <summary>A few seeds of every fault, against a PostgreSQL server and engine processes of their own. Long runs: <c>./payflow faults --seeds 2000</c>.</summary>
public sealed class FaultMatrixTests(ITestOutputHelper output)
{
    private static readonly string[] SureHits = ["kill-at-instant", "kill-at-step", "server-crash", "file-locked", "second-program", "line-dropped", "line-cut", "host-restart", "foreign-token", "key-revoked"];

    [Fact]
    public Task Nothing_is_lost_doubled_wedged_or_different_under_any_fault() => TryAsync(new FaultOptions { First = 1, Seeds = FaultKind.Attached.Count });

    // What strikes a till alone strikes one elsewhere alike, and is left to longer runs.
    [Fact]
    public Task Nor_under_any_fault_of_the_line_and_the_host_of_tills_elsewhere() => TryAsync(new FaultOptions { First = FaultKind.Attached.Count, Seeds = FaultKind.All.Count - FaultKind.Attached.Count, IsOverHttp = true });

    private async Task TryAsync(FaultOptions options)
    {
        options = options with { Keep = Path.Combine(Path.GetTempPath(), "payflow-faults") };

        var results = await FaultMatrix.RunAsync(options, result => output.WriteLine(result.ToString()), CancellationToken.None);

        output.WriteLine(MatrixTable.Text(results));
        Assert.Equal(options.Seeds, results.Count);
        Assert.All(results, result => Assert.True(result.Passed, result.ToString()));
        Assert.All(results.Where(r => SureHits.Contains(r.Kind.Name)), result => Assert.NotEmpty(result.Hits));
    }

    [Fact]
    public async Task The_same_seed_draws_the_same_chain_and_the_same_history()
    {
        var options = new FaultOptions { First = 30, Seeds = 1, Fault = FaultKind.Find("none"), Workers = 1 };

        var one = Assert.Single(await FaultMatrix.RunAsync(options, _ => { }, CancellationToken.None));
        var other = Assert.Single(await FaultMatrix.RunAsync(options, _ => { }, CancellationToken.None));

        Assert.Equal(one.Changes, other.Changes);
        Assert.Equal(one.Hits, other.Hits);
    }
}
