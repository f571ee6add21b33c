using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;
using Xunit;

namespace PayFlow.Admin.Tests.Remote;

/// <summary>What a device may beyond syncing: change its key, and decide conflicts of its own where it was let in with that right.</summary>
public sealed class DeviceRightsTests
{
    [Fact]
    public async Task A_key_is_changed_and_the_old_one_ends_with_the_first_use_of_the_new_one()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var (till, device) = await remote.TillAsync("T1");
        var changed = await Change(remote, till, device);
        Assert.NotEqual(device.Key, changed.Key);
        Assert.Equal(changed, DeviceFile.Read(till.File.Path));

        // Until then the old one is good: the till may not have heard.
        await AskAsync(remote, device);
        await AskAsync(remote, changed);
        Assert.Equal(SyncErrorCode.NotPermitted, (await Assert.ThrowsAsync<SyncException>(() => AskAsync(remote, device))).Code);
        await AskAsync(remote, changed);
        // Who still has the old one in hand finds the new one beside the file.
        await remote.Agent(till.File, device).RunOnceAsync(CancellationToken.None);
        Assert.Equal(1L, await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.audit WHERE action = 'device.key'"));
    }

    [Fact]
    public async Task A_change_of_the_key_whose_answer_is_lost_locks_nobody_out_and_is_brought_to_its_end()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var (till, device) = await remote.TillAsync("T1");
        remote.Way.After = _ => throw new HttpRequestException("The answer is lost.");
        await Assert.ThrowsAsync<SyncException>(() => Change(remote, till, device));
        remote.Way.After = null;

        var written = DeviceFile.Read(till.File.Path)!;
        Assert.Equal(device.Key, written.Key);
        await remote.Agent(till.File, written).RunOnceAsync(CancellationToken.None);
        var changed = await Change(remote, till, written);
        Assert.Equal(written.NextKey, changed.Key);
        await remote.Agent(till.File, changed).RunOnceAsync(CancellationToken.None);

        // Used, but what the till wrote of it was lost with the power.
        DeviceFile.Write(till.File.Path, written);
        changed = await Change(remote, till, written);
        await remote.Agent(till.File, changed).RunOnceAsync(CancellationToken.None);
    }

    [Fact]
    public async Task An_agent_that_runs_goes_on_with_a_key_that_it_is_given_meanwhile()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var (till, device) = await remote.TillAsync("T1");
        using var stop = new CancellationTokenSource();
        var running = remote.Agent(till.File, device).RunAsync(stop.Token);

        // The second change uses the key of the first, which ends the one that the agent began with.
        await Change(remote, till, await Change(remote, till, device));
        till.Execute("INSERT INTO orders (number) VALUES ('A')");
        await Until.TrueAsync(async () =>
        {
            if (running.IsCompleted)
                await running;
            return await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders") == 1;
        });

        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_key_beside_the_file_that_the_host_does_not_take_costs_an_agent_nothing_and_a_revoked_one_ends_it()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var (till, device) = await remote.TillAsync("T1");
        await using var agent = remote.Agent(till.File, device);
        DeviceFile.Write(till.File.Path, device with { Key = "of-a-central-that-was-restored", FormerKey = device.Key });
        for (var run = 0; run < 2; run++)
        {
            till.Execute($"INSERT INTO orders (number) VALUES ('A{run}')");
            await agent.RunOnceAsync(CancellationToken.None);
        }
        Assert.Equal(2L, await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));

        await remote.Desk.RevokeAsync("T1", "ada", "lost", CancellationToken.None);
        Assert.Equal(SyncErrorCode.NotPermitted, (await Assert.ThrowsAsync<SyncException>(() => agent.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60)))).Code);
    }

    [Fact]
    public async Task A_device_decides_conflicts_of_its_own_where_it_may_and_never_sees_anothers()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await remote.Chain.Database.ExecuteAsync("INSERT INTO customers VALUES ('11111111-1111-1111-1111-111111111111', 'Ann', '1')");
        var (trusted, _) = await remote.TillAsync("T1");
        var (other, plain) = await remote.TillAsync("T2");
        // Let in anew, with the right.
        var device = await new Registration(trusted.File.Path, remote.Way.Handler()).RegisterAsync(remote.Way.Host.Address, await remote.Desk.CreateCodeAsync("T1", null, null, "ada", CancellationToken.None, mayResolve: true), null, null, CancellationToken.None);
        foreach (var (till, phone) in new[] { (trusted, "10"), (other, "20") })
            till.Execute($"UPDATE customers SET phone = '{phone}'");
        await remote.Chain.Database.ExecuteAsync("UPDATE customers SET phone = '30'");
        await remote.Chain.SettledAsync();
        await remote.Agent(trusted.File, device).RunOnceAsync(CancellationToken.None);
        await other.SyncAsync();

        using var its = Client(remote, device.Key!);
        using var others = Client(remote, plain.Key!);
        var mine = Assert.Single((await ReadAsync(its, "/api/sync/conflicts?terminal=T2")).GetProperty("conflicts").EnumerateArray());
        var theirs = Assert.Single((await ReadAsync(others, "/api/sync/conflicts")).GetProperty("conflicts").EnumerateArray());
        Assert.NotEqual(mine.GetProperty("id").GetInt64(), theirs.GetProperty("id").GetInt64());
        Assert.Equal(HttpStatusCode.NotFound, (await its.GetAsync($"/api/sync/conflicts/{theirs.GetProperty("id")}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await ResolveAsync(its, theirs));
        Assert.Equal(HttpStatusCode.Forbidden, await ResolveAsync(others, theirs));
        Assert.Equal(HttpStatusCode.OK, await ResolveAsync(its, mine));

        Assert.Equal(["10"], await remote.Chain.TextsAsync("SELECT phone FROM customers"));
        Assert.Equal(["till T1"], await remote.Chain.TextsAsync("SELECT actor FROM payflow.audit WHERE action LIKE 'conflict%'"));
    }

    [Fact]
    public async Task A_till_elsewhere_that_falls_silent_is_late_by_its_own_interval_and_not_by_a_schedule()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var (till, device) = await remote.TillAsync("T1");
        await remote.Agent(till.File, device).RunOnceAsync(CancellationToken.None);
        await remote.Chain.Database.ExecuteAsync("UPDATE console.devices SET interval_seconds = 600; UPDATE payflow.sync_log SET started_at = started_at - interval '14 minutes'");
        Assert.NotEqual("LATE", await StatusAsync(remote));
        await remote.Chain.Database.ExecuteAsync("UPDATE payflow.sync_log SET started_at = started_at - interval '5 minutes'");
        Assert.Equal("LATE", await StatusAsync(remote));
        await remote.Chain.Database.ExecuteAsync("UPDATE payflow.sync_log SET started_at = started_at - interval '60 minutes'");
        Assert.Equal("STALLED", await StatusAsync(remote));
    }

    private static Task<DeviceCredentials> Change(RemoteChain remote, Till till, DeviceCredentials device) => new KeyChange(till.File.Path, remote.Way.Handler).ChangeAsync(device, CancellationToken.None);

    private static async Task AskAsync(RemoteChain remote, DeviceCredentials device)
    {
        using var line = remote.Line(device);
        await line.GetAsync(SyncPaths.Status, null, WireContext.Wire.StandingAnswer, CancellationToken.None);
    }

    private static async Task<string> StatusAsync(RemoteChain remote) =>
        (await new TerminalReader(remote.Chain.Source, new SyncExpectations(remote.Chain.Source), TimeProvider.System).FindAsync("T1", CancellationToken.None))!.Standing.Status;

    private static async Task<HttpStatusCode> ResolveAsync(HttpClient client, JsonElement conflict)
    {
        using var answer = await client.PostAsJsonAsync("/api/sync/resolve", new { id = conflict.GetProperty("id").GetInt64(), expectedVersion = conflict.GetProperty("version").GetInt32(), take = "terminal" });
        return answer.StatusCode;
    }

    private static async Task<JsonElement> ReadAsync(HttpClient client, string path) => await client.GetFromJsonAsync<JsonElement>(path);

    private static HttpClient Client(RemoteChain remote, string key)
    {
        var client = remote.Way.Host.Browser();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"{HostLine.Scheme} {key}");
        client.DefaultRequestHeaders.Add(HostLine.ProtocolHeader, HostLine.Protocol);
        return client;
    }
}
