using System.Collections.Concurrent;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;
using Xunit;

namespace PayFlow.Admin.Tests.Remote;

/// <summary>What makes an agent sync. Its interval and its pauses are far longer than the test lasts: whatever arrives was called for.</summary>
public sealed class AgentTests
{
    [Fact]
    public async Task An_agent_syncs_when_the_host_signals_when_the_till_sells_and_when_the_line_is_back()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await Shop.ProductsAsync(remote.Chain, 3);
        var file = remote.File();
        var device = await remote.RegisterAsync("T1", file);
        await using var agent = new TerminalAgent(file.Path, device, Patient, null, remote.Way.Handler());
        using var stop = new CancellationTokenSource();
        var (runs, failures) = (0, new ConcurrentQueue<SyncException>());
        agent.Synced += _ => Interlocked.Increment(ref runs);
        agent.Failed += (failure, _) => failures.Enqueue(failure);
        var running = agent.RunAsync(stop.Token);
        await WhileWellAsync(() => Task.FromResult(Volatile.Read(ref runs) >= 2));
        Assert.Equal(3L, file.Scalar("SELECT count(*) FROM products"));

        await remote.Chain.Database.ExecuteAsync("UPDATE products SET price = 77 WHERE id = 'p2'");
        await WhileWellAsync(() => Task.FromResult(file.Scalar("SELECT price FROM products WHERE id = 'p2'") is "77.0000" or "77"));

        file.Execute(Shop.Sale("s1", "p1"));
        await WhileWellAsync(async () => await SoldAsync(remote) == 1);

        // Whoever has the file, has it alone.
        await using (var second = new TerminalAgent(file.Path, device, Patient, null, remote.Way.Handler()))
        {
            var refused = await Assert.ThrowsAsync<SyncException>(() => second.RunAsync(CancellationToken.None));
            Assert.Equal(SyncErrorCode.Busy, refused.Code);
        }
        await WhileWellAsync(() => Task.FromResult(AgentStatusFile.Read(file.Path) is { State: AgentState.Waiting, IsOnline: true, IsListening: true, Pending: 0, LastSync: not null, NextAttempt: not null }));
        Assert.True(AgentStatusFile.IsAgentRunning(file.Path));

        // The line breaks with the stream on it; a sale that is made meanwhile fails once, and goes up by itself when the host is there again.
        remote.Way.IsCut = true;
        await remote.RestartHostAsync();
        file.Execute(Shop.Sale("s2", "p1"));
        agent.SyncNow();
        await Until.TrueAsync(() => Task.FromResult(!failures.IsEmpty));
        file.Execute(Shop.Sale("s3", "p2"));
        await Until.TrueAsync(() => Task.FromResult(AgentStatusFile.Read(file.Path) is { State: AgentState.Offline, IsOnline: false, Pending: 6, Waiting: [{ Priority: 3, Pending: 6 }], Trouble: { Code: SyncErrorCode.CentralUnavailable, Hint: not null } }));
        failures.Clear();
        remote.Way.IsCut = false;
        await WhileWellAsync(async () => await SoldAsync(remote) == 3);
        // Central has it before the till knows that it has. Stopped in between, an agent asks what became of it when it begins again, and here none does.
        await WhileWellAsync(() => Task.FromResult(file.Scalar("SELECT count(*) FROM sync_queue") is 0L));

        await stop.CancelAsync();
        await running;
        Assert.Equal((AgentState.Stopped, false), (AgentStatusFile.Read(file.Path)!.State, AgentStatusFile.IsAgentRunning(file.Path)));
        await Shop.AssertConvergedAsync(remote.Chain, new Till("T1", file, null!, remote.Chain.SettledAsync));

        // After a failure a patient agent would not try again before the test has given up: why it failed is what has to be seen.
        Task WhileWellAsync(Func<Task<bool>> condition) => Until.TrueAsync(() => failures.TryPeek(out var failure) ? throw failure : condition());
    }

    private static AgentOptions Patient => new()
    {
        Interval = TimeSpan.FromHours(1),
        FirstPause = TimeSpan.FromHours(1),
        LongestPause = TimeSpan.FromHours(1),
        Sync = new() { TransientAttempts = 2, TransientDelay = TimeSpan.FromMilliseconds(20) },
    };

    private static async Task<long> SoldAsync(RemoteChain remote) => await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders");
}
