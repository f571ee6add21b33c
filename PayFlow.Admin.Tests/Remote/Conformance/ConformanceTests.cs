using Xunit;

namespace PayFlow.Admin.Tests.Remote.Conformance;

/// <summary>The cases of <c>clients/conformance</c>, by each client against the real host: every client leaves the same in both databases as the engine's own agent.</summary>
public sealed class ConformanceTests(ConformanceChains chains) : IClassFixture<ConformanceChains>
{
    public static TheoryData<string> Cases => [.. ConformanceSchema.Cases];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_client_leaves_the_same_in_both_databases(string name)
    {
        var steps = ConformanceSchema.ReadCase(name);
        var engine = new ConformanceRun(chains.Engine, chains.Schema, name, (chain, path) => new EngineTill(chain, path)).RunAsync(steps);
        var capacitor = new ConformanceRun(chains.Capacitor, chains.Schema, name, (chain, path) => new CapacitorTill(chain, chains.Process, path)).RunAsync(steps);
        await Task.WhenAll(engine, capacitor);
        Assert.Equal(string.Join('\n', await engine), string.Join('\n', await capacitor));
    }
}
