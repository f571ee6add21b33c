using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Admin.Tests.Remote;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Http;

/// <summary>The example of docs/agent.md: it is what is compiled here, and it works.</summary>
public sealed class PosProgramTests
{
    [Fact]
    public async Task The_example_of_the_documentation_registers_a_till_and_keeps_it_in_step()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await Shop.ProductsAsync(remote.Chain, 3);
        var file = remote.File();
        await PosProgram.RegisterAsync(file.Path, remote.Way.Host.Address, await remote.Desk.CreateCodeAsync("T1", null, null, "ada", CancellationToken.None), CancellationToken.None);
        var shown = new ConcurrentQueue<string>();
        using var stop = new CancellationTokenSource();
        var running = new PosProgram(file.Path, shown.Enqueue).KeepInStepAsync(stop.Token);
        file.Execute("INSERT INTO orders (number) VALUES ('s1')");
        await Until.TrueAsync(async () => await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders") == 1 && shown.Any(s => s.StartsWith("in step since", StringComparison.Ordinal)));
        await stop.CancelAsync();
        await running;
        Assert.Contains("syncing", shown);
    }

    [Fact]
    public void The_documentation_shows_what_is_compiled()
    {
        var source = File.ReadAllText(Path.Combine(Folder(), "PosProgram.cs")).Replace("\nnamespace PayFlow.Admin.Tests.Engine.Http;\n", string.Empty, StringComparison.Ordinal);
        Assert.Contains($"```csharp\n{source}```", File.ReadAllText(Path.Combine(Folder(), "../../../docs/agent.md")), StringComparison.Ordinal);
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
