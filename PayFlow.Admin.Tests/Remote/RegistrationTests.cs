using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;
using Xunit;

namespace PayFlow.Admin.Tests.Remote;

/// <summary>How a till gets in.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public async Task A_code_works_once_and_leaves_the_key_in_a_file_that_nobody_else_can_read()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var code = await CodeAsync(remote, "T1");
        var (first, second) = (remote.File(), remote.File());
        var device = await RegisterAsync(remote, first.Path, code.ToLowerInvariant().Replace('-', ' '));

        Assert.Equal("T1", device.Terminal);
        Assert.Equal(device, DeviceFile.Read(first.Path));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(DeviceFile.PathOf(first.Path)));
        Assert.Equal(SyncErrorCode.NotPermitted, (await Assert.ThrowsAsync<SyncException>(() => RegisterAsync(remote, second.Path, code))).Code);
        // Neither code nor key can be read in central.
        Assert.Equal(0L, await remote.Chain.Database.ScalarAsync<long>($"SELECT count(*) FROM console.devices d, console.device_codes c WHERE strpos(d::text || c::text, '{device.Key}') > 0 OR strpos(d::text || c::text, '{code}') > 0"));
    }

    [Fact]
    public async Task A_registration_whose_answer_is_lost_is_repeated_with_the_same_code()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var code = await CodeAsync(remote, "T1");
        var file = remote.File();
        remote.Way.After = _ => throw new HttpRequestException("The answer is lost.");
        Assert.True((await Assert.ThrowsAsync<SyncException>(() => RegisterAsync(remote, file.Path, code))).IsTransient);
        remote.Way.After = null;
        var device = await RegisterAsync(remote, file.Path, code);

        Assert.True((await remote.Agent(file, device).RunOnceAsync(CancellationToken.None)).IsClean);
        Assert.Equal(1L, await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM console.devices WHERE revoked_at IS NULL"));
        // Once the key was used, the code is dead for good.
        await Assert.ThrowsAsync<SyncException>(() => RegisterAsync(remote, file.Path, code));
    }

    [Fact]
    public async Task So_is_one_of_a_till_that_had_a_key_before()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var (till, old) = await remote.TillAsync("T1");
        var code = await CodeAsync(remote, "T1");
        var lost = 0;
        remote.Way.After = _ => lost++ < 2 ? throw new HttpRequestException("The answer is lost.") : Task.CompletedTask;
        for (var i = 0; i < 2; i++)
            Assert.True((await Assert.ThrowsAsync<SyncException>(() => RegisterAsync(remote, till.File.Path, code))).IsTransient);
        var device = await RegisterAsync(remote, till.File.Path, code);

        Assert.NotEqual(old.Key, device.Key);
        Assert.True((await remote.Agent(till.File, device).RunOnceAsync(CancellationToken.None)).IsClean);
    }

    [Fact]
    public async Task So_is_one_with_a_code_for_any_till_which_is_that_tills_from_then_on()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var code = await CodeAsync(remote, null);
        var file = remote.File();
        remote.Way.After = _ => throw new HttpRequestException("The answer is lost.");
        await Assert.ThrowsAsync<SyncException>(() => RegisterAsync(remote, file.Path, code, "T1"));
        remote.Way.After = null;
        Assert.Equal(SyncErrorCode.NotPermitted, (await Assert.ThrowsAsync<SyncException>(() => RegisterAsync(remote, file.Path, code, "T2"))).Code);
        var device = await RegisterAsync(remote, file.Path, code, "T1");

        Assert.True((await remote.Agent(file, device).RunOnceAsync(CancellationToken.None)).IsClean);
        Assert.Equal(["T1"], await remote.Chain.TextsAsync("SELECT id FROM payflow.terminals"));
    }

    [Fact]
    public async Task A_code_that_is_too_old_does_not_work()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var code = await CodeAsync(remote, "T1");
        await remote.Chain.Database.ExecuteAsync("UPDATE console.device_codes SET expires_at = now() - interval '1 s'");
        var refused = await Assert.ThrowsAsync<SyncException>(() => RegisterAsync(remote, remote.File().Path, code));
        Assert.Equal(SyncErrorCode.NotPermitted, refused.Code);
        Assert.Equal(0L, await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.terminals"));
    }

    [Fact]
    public async Task A_code_for_any_till_takes_no_other_tills_place_and_one_for_a_till_lets_nobody_else_in()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await remote.TillAsync("T1");
        var any = await CodeAsync(remote, null);
        Assert.Equal(SyncErrorCode.IdentityMismatch, (await Assert.ThrowsAsync<SyncException>(() => RegisterAsync(remote, remote.File().Path, any, "T1"))).Code);
        await remote.Chain.Database.ExecuteAsync("UPDATE payflow.terminals SET state = 'detached' WHERE id = 'T1'");
        Assert.Equal(SyncErrorCode.IdentityMismatch, (await Assert.ThrowsAsync<SyncException>(() => RegisterAsync(remote, remote.File().Path, any, "T1"))).Code);
        // Refused, it was not used up.
        Assert.Equal("T2", (await RegisterAsync(remote, remote.File().Path, any, "T2")).Terminal);
        var named = await CodeAsync(remote, "T3");
        Assert.Equal(SyncErrorCode.NotPermitted, (await Assert.ThrowsAsync<SyncException>(() => RegisterAsync(remote, remote.File().Path, named, "T4"))).Code);
    }

    [Fact]
    public async Task A_new_file_in_the_place_of_a_tills_old_one_needs_a_new_code()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await Shop.ProductsAsync(remote.Chain, 2);
        var (till, device) = await remote.TillAsync("T1");
        till.Execute(Shop.Sale("s1", "p1"));
        await till.SyncAsync();
        var fresh = remote.File();
        var refused = await Assert.ThrowsAsync<SyncException>(() => remote.Agent(fresh, device).RunOnceAsync(CancellationToken.None));
        Assert.Equal(SyncErrorCode.IdentityMismatch, refused.Code);

        var replaced = await remote.RegisterAsync("T1", fresh);
        Assert.True((await remote.Agent(fresh, replaced).RunOnceAsync(CancellationToken.None)).IsClean);
        Assert.Equal(1L, fresh.Scalar("SELECT count(*) FROM orders"));
        // The old device is out.
        Assert.Equal(SyncErrorCode.NotPermitted, (await Assert.ThrowsAsync<SyncException>(() => till.Sync.RunAsync())).Code);
    }

    [Fact]
    public async Task A_file_that_was_attached_beside_the_host_goes_elsewhere_with_its_queue()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await Shop.ProductsAsync(remote.Chain, 2);
        var till = await remote.Chain.TillAsync("T1", Shop.Local);
        await till.SyncAsync();
        till.Execute(Shop.Sale("s1", "p1"));
        await till.Sync.DisposeAsync();
        var device = await remote.RegisterAsync("T1", till.File);
        await remote.Agent(till.File, device).RunOnceAsync(CancellationToken.None);
        await Shop.AssertConvergedAsync(remote.Chain, till);
        Assert.True(await remote.Chain.Database.ScalarAsync<bool>("SELECT file_path IS NULL FROM payflow.terminals WHERE id = 'T1'"));
    }

    private static Task<string> CodeAsync(RemoteChain remote, string? terminal) => remote.Desk.CreateCodeAsync(terminal, null, null, "ada", CancellationToken.None);

    private static Task<DeviceCredentials> RegisterAsync(RemoteChain remote, string path, string code, string? terminal = null) =>
        new Registration(path, remote.Way.Handler()).RegisterAsync(remote.Way.Host.Address, code, terminal, null, CancellationToken.None);
}
