using PayFlow.Faults.Chain;
using PayFlow.Faults.Kinds;
using PayFlow.Faults.Matrix;
using PayFlow.Sync.Engine;
using Xunit;
using Xunit.Abstractions;

namespace PayFlow.Admin.Tests.Faults;

/// <summary>The matrix can fail: the engine is broken on purpose, in the ways that this field's products are broken by accident, and it is noticed.</summary>
public sealed class SabotageTests(ITestOutputHelper output)
{
    private const int MostSeeds = 20;

    [Theory]
    [InlineData("SkipLinks", "file-restored", 1)]
    [InlineData("IgnoreHorizon", "none", 1)]
    [InlineData("AdvanceFirst", "kill-at-step", 1)]
    public Task A_broken_engine_is_noticed(string sabotage, string fault, int first) => NoticeAsync(sabotage, fault, first, isOverHttp: false);

    [Fact]
    public Task So_is_a_host_that_lets_requests_of_a_run_that_is_over_work_on() => NoticeAsync("IgnoreFence", "line-reordered", 2, isOverHttp: true);

    private async Task NoticeAsync(string sabotage, string fault, int first, bool isOverHttp)
    {
        var options = new FaultOptions { IsOverHttp = isOverHttp, Sabotage = Enum.Parse<Sabotage>(sabotage), Fault = FaultKind.Find(fault), First = first, Keep = Path.Combine(Path.GetTempPath(), "payflow-faults") };
        await using var worker = await FaultWorker.StartAsync(options);

        var findings = new List<Finding>();
        for (var seed = first; seed < first + MostSeeds && findings.Count == 0; seed++)
        {
            var result = await worker.RunAsync(seed);
            output.WriteLine(result.ToString());
            findings.AddRange(result.Findings);
        }

        Assert.NotEmpty(findings);
        Assert.Contains(findings, f => f.Kind is FindingKind.Lost or FindingKind.Duplicated or FindingKind.Divergent);
    }
}
