using System.Net.Sockets;
using System.Text;
using PayFlow.Admin.Commands;
using PayFlow.Admin.Tests.Remote;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Commands;

/// <summary><c>payflow terminals</c> and <c>payflow agent</c>, as people call them.</summary>
public sealed class AgentVerbTests
{
    [Fact]
    public async Task A_till_is_let_in_by_a_code_syncs_and_is_shut_out()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await Engine.Sessions.Shop.ProductsAsync(remote.Chain, 4);
        var file = remote.File();
        var central = remote.Chain.Database.ConnectionString;
        var url = remote.Way.Host.Address.ToString();
        var code = await CommandRun.OfAsync("terminals", "code", "--terminal", "S1-2", "--name", "Front", "--attribute", "store_id=S1", "--json", "--central", central);
        Assert.Equal(0, code.ExitCode);

        var first = await CommandRun.OfAsync("agent", "--url", url, "--sqlite", file.Path, "--code", code.Json.GetProperty("code").GetString()!, "--once");
        Assert.Equal((0, string.Empty), (first.ExitCode, first.Error.Replace($"payflow: registered as terminal S1-2; the key is in {DeviceFile.PathOf(file.Path)}\n", string.Empty, StringComparison.Ordinal)));
        Assert.Equal(4L, file.Scalar("SELECT count(*) FROM products"));
        Assert.Equal("Front S1", await remote.Chain.Database.ScalarAsync<string>("SELECT name || ' ' || (attributes ->> 'store_id') FROM payflow.terminals WHERE id = 'S1-2'"));
        // Neither address nor code is needed again.
        Assert.Equal(0, (await CommandRun.OfAsync("agent", "--sqlite", file.Path, "--once")).ExitCode);

        // By hand, and when it is due.
        var key = DeviceFile.Read(file.Path)!;
        Assert.Equal(0, (await CommandRun.OfAsync("agent", "key", "--sqlite", file.Path)).ExitCode);
        var second = DeviceFile.Read(file.Path)!;
        DeviceFile.Write(file.Path, second with { KeySince = second.KeySince - KeyChange.Life });
        var due = await CommandRun.OfAsync("agent", "--sqlite", file.Path, "--once");
        Assert.Equal((0, "payflow: the device key was changed, as every 90 days\n"), (due.ExitCode, due.Error));
        Assert.Equal(3, new[] { key.Key, second.Key, DeviceFile.Read(file.Path)!.Key }.Distinct().Count());

        Assert.Equal(0, (await CommandRun.OfAsync("terminals", "revoke", "--terminal", "S1-2", "--reason", "stolen", "--central", central)).ExitCode);
        var refused = await CommandRun.OfAsync("agent", "--sqlite", file.Path, "--interval", "1");
        Assert.Equal(5, refused.ExitCode);
        Assert.Contains("was revoked", refused.Error, StringComparison.Ordinal);
        var status = await CommandRun.OfAsync("agent", "status", "--sqlite", file.Path);
        Assert.Equal(1, status.ExitCode);
        Assert.Contains("agent         refused at", status.Output, StringComparison.Ordinal);
        Assert.Contains("was revoked", status.Output, StringComparison.Ordinal);
        Assert.Contains("next: get a code", status.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_a_service_manager_it_says_when_it_is_ready_and_ends_in_order_when_it_is_asked_to()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var file = remote.File();
        await remote.RegisterAsync("T1", file);
        var address = file.Path + ".notify";
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(address));
        using var stop = new CancellationTokenSource();
        using var output = new StringWriter();
        var running = PayFlowCommandLine.RunAsync(["agent", "--sqlite", file.Path], output, output, name => name == "NOTIFY_SOCKET" ? address : null, stop.Token);
        await HearsAsync(manager, "READY=1");
        await HearsAsync(manager, "STATUS=waiting, empty");
        var status = await CommandRun.OfAsync("agent", "status", "--sqlite", file.Path, "--json");
        Assert.Equal((0, true), (status.ExitCode, status.Json.GetProperty("isRunning").GetBoolean()));
        Assert.Equal("T1", status.Json.GetProperty("status").GetProperty("terminal").GetString());
        var second = await CommandRun.OfAsync("agent", "--sqlite", file.Path);
        Assert.Equal((1, string.Empty), (second.ExitCode, second.Output));
        Assert.Contains("Another agent keeps", second.Error, StringComparison.Ordinal);

        await stop.CancelAsync();
        await HearsAsync(manager, "STOPPING=1");
        Assert.Equal(0, await running);
        status = await CommandRun.OfAsync("agent", "status", "--sqlite", file.Path);
        Assert.Equal(1, status.ExitCode);
        Assert.Contains("stopped at", status.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_takes_the_place_of_a_file_that_a_host_syncs_only_where_that_is_said()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var near = await remote.Chain.TillAsync("NEAR", Engine.Sessions.Shop.Local);
        var central = remote.Chain.Database.ConnectionString;
        var refused = await CommandRun.OfAsync("terminals", "code", "--terminal", "NEAR", "--central", central);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains($"Terminal NEAR is {near.File.Path}, which a host syncs", refused.Error, StringComparison.Ordinal);
        Assert.Contains("add --replace", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0L, await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM console.device_codes"));
        Assert.Equal(0, (await CommandRun.OfAsync("terminals", "code", "--terminal", "NEAR", "--replace", "--central", central)).ExitCode);
    }

    [Fact]
    public async Task A_code_without_what_the_filters_ask_for_is_refused_and_an_open_one_is_listed_and_taken_back()
    {
        await using var remote = await RemoteChain.CreateAsync(new TableMapEntry { Name = "products", Filter = "sku = {terminal.store_id}" }, new TableMapEntry { Name = "customers", WriteFilter = "name = {terminal.owner}" });
        var central = remote.Chain.Database.ConnectionString;
        var refused = await CommandRun.OfAsync("terminals", "code", "--terminal", "T9", "--attribute", "owner=ann", "--central", central);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("T9 would have no store_id, which the filter of products asks for", refused.Error, StringComparison.Ordinal);
        Assert.Contains("hint: Give it with the code: --attribute store_id=VALUE", refused.Error, StringComparison.Ordinal);
        Assert.Contains("owner, which the filter of customers asks for", (await CommandRun.OfAsync("terminals", "code", "--attribute", "store_id=S1", "--central", central)).Error, StringComparison.Ordinal);
        Assert.Equal("No code is open. payflow terminals code makes one.\n", (await CommandRun.OfAsync("terminals", "codes", "--central", central)).Output);

        Assert.Equal(0, (await CommandRun.OfAsync("terminals", "code", "--terminal", "T9", "--attribute", "store_id=S1", "--attribute", "owner=ann", "--central", central)).ExitCode);
        var id = (await CommandRun.OfAsync("terminals", "codes", "--json", "--central", central)).Json.GetProperty("codes")[0].GetProperty("id").GetString()!;
        Assert.Contains("T9", (await CommandRun.OfAsync("terminals", "codes", "--central", central)).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await CommandRun.OfAsync("terminals", "withdraw", id, "--central", central)).ExitCode);
        Assert.Contains($"No open code has the number {id}", (await CommandRun.OfAsync("terminals", "withdraw", id, "--central", central)).Error, StringComparison.Ordinal);
        Assert.Equal(0L, await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM console.device_codes"));

        // What a terminal has stays, where the code gives it nothing.
        await new TerminalRegistry(remote.Chain.Source).RegisterAsync("T8", null, new Dictionary<string, string> { ["store_id"] = "S2", ["owner"] = "ben" }, null, CancellationToken.None);
        Assert.Equal(0, (await CommandRun.OfAsync("terminals", "code", "--terminal", "T8", "--central", central)).ExitCode);
    }

    [Fact]
    public async Task A_till_that_was_moved_goes_on_when_somebody_says_that_it_was()
    {
        await using var remote = await RemoteChain.CreateAsync();
        var file = remote.File();
        await remote.RegisterAsync("T1", file);
        Assert.Equal(0, (await CommandRun.OfAsync("agent", "--sqlite", file.Path, "--once")).ExitCode);
        file.Execute("INSERT INTO orders (number, total) VALUES ('1', 5)");
        var moved = remote.File(string.Empty);
        file.Execute($"VACUUM INTO '{moved.Path}.db'");
        File.Copy(DeviceFile.PathOf(file.Path), DeviceFile.PathOf(moved.Path + ".db"));

        var refused = await CommandRun.OfAsync("agent", "--sqlite", moved.Path + ".db", "--once");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("payflow agent --accept-moved", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0L, await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));
        Assert.Equal(0, (await CommandRun.OfAsync("agent", "--sqlite", moved.Path + ".db", "--once", "--accept-moved")).ExitCode);
        Assert.Equal(1L, await remote.Chain.Database.ScalarAsync<long>("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task An_address_whose_scheme_is_the_other_one_is_told_so()
    {
        await using var remote = await RemoteChain.CreateAsync();
        using var file = new Fixtures.TerminalFile(Engine.Sessions.Shop.Local);
        var plain = remote.Way.Host.Address.Authority;
        var run = await CommandRun.OfAsync("agent", "--sqlite", file.Path, "--url", $"https://{plain}", "--code", "AAAA");
        Assert.Contains("no secure connection comes about", run.Lines[0], StringComparison.Ordinal);
        Assert.Contains($"--url http://{plain}.", run.Lines[1], StringComparison.Ordinal);

        // What speaks TLS answers a plain request with an alert, or not at all.
        using var secure = new TcpListener(System.Net.IPAddress.Loopback, 0);
        secure.Start();
        var answering = Task.Run(async () =>
        {
            using var line = await secure.AcceptTcpClientAsync();
            await line.GetStream().ReadAtLeastAsync(new byte[16], 16);
            await line.GetStream().WriteAsync(new byte[] { 0x15, 3, 1, 0, 2, 2, 10 });
        });
        run = await CommandRun.OfAsync("agent", "--sqlite", file.Path, "--url", $"http://{secure.LocalEndpoint}", "--code", "AAAA");
        await answering;
        Assert.Contains($"--url https://{secure.LocalEndpoint}", run.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_address_costs_no_key_and_is_not_kept()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await using var foreign = await RemoteChain.CreateAsync();
        var file = remote.File();
        var first = await remote.RegisterAsync("T1", file);
        var wrong = foreign.Way.Host.Address;
        Task<CommandRun> OnceAsync(params string[] options) => CommandRun.OfAsync(["agent", "--sqlite", file.Path, "--once", .. options]);

        // Also when the key is due to be changed.
        var due = first with { KeySince = first.KeySince - KeyChange.Life };
        DeviceFile.Write(file.Path, due);
        var refused = await OnceAsync("--url", wrong.ToString());
        Assert.Equal(5, refused.ExitCode);
        Assert.Contains($"The PayFlow host {wrong.Scheme}://{wrong.Authority} does not take this till", refused.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("hint: Check the address (--url). If the key was revoked", refused.Lines[1], StringComparison.Ordinal);
        Assert.NotEqual(0, (await OnceAsync("--url", "http://127.0.0.1:1")).ExitCode);
        Assert.Equal(due, DeviceFile.Read(file.Path));

        // A change that the wrong host refuses goes on at the right one.
        DeviceFile.Write(file.Path, first with { Host = wrong });
        Assert.Equal(5, (await CommandRun.OfAsync("agent", "key", "--sqlite", file.Path)).ExitCode);
        var begun = DeviceFile.Read(file.Path)!;
        Assert.Equal(first with { Host = wrong, NextKey = begun.NextKey }, begun);
        Assert.Equal(5, (await OnceAsync()).ExitCode);
        Assert.Equal(begun, DeviceFile.Read(file.Path));
        var right = await OnceAsync("--url", first.Host.ToString());
        Assert.Equal((0, "payflow: the device key was changed, as was begun before\n"), (right.ExitCode, right.Error));
        var changed = DeviceFile.Read(file.Path)!;
        Assert.Equal((first.Host, begun.NextKey, first.Key), (changed.Host, changed.Key, changed.FormerKey));

        // The old one stays until the right host has taken the new one.
        Assert.Equal(5, (await OnceAsync("--url", wrong.ToString())).ExitCode);
        Assert.Equal(changed, DeviceFile.Read(file.Path));
        Assert.Equal(0, (await OnceAsync()).ExitCode);
        var settled = DeviceFile.Read(file.Path)!;
        Assert.Equal(changed with { FormerKey = null }, settled);

        // A central that was restored knows the old one alone.
        var unknown = System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        DeviceFile.Write(file.Path, settled with { Key = unknown, FormerKey = settled.Key });
        Assert.Equal(0, (await OnceAsync()).ExitCode);
        var again = DeviceFile.Read(file.Path)!;
        Assert.Equal((unknown, settled.Key), (again.Key, again.FormerKey));
    }

    [Fact]
    public async Task At_a_till_elsewhere_nothing_is_spent_in_vain_and_what_is_told_is_true_and_can_be_done_there()
    {
        await using var remote = await RemoteChain.CreateAsync();
        await Engine.Sessions.Shop.ProductsAsync(remote.Chain, 1);
        var file = remote.File(string.Empty);
        var code = await remote.Desk.CreateCodeAsync("T1", null, null, "ada", CancellationToken.None);
        Task<CommandRun> OnceAsync(params string[] options) => CommandRun.OfAsync(["agent", "--sqlite", file.Path, "--once", .. options]);
        Task<CommandRun> StatusAsync() => CommandRun.OfAsync("agent", "status", "--sqlite", file.Path);

        var empty = await OnceAsync("--url", remote.Way.Host.Address.ToString(), "--code", code);
        Assert.Equal(2, empty.ExitCode);
        Assert.Contains("has no tables yet", empty.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("hint: Start the POS program once, so that it makes them.", empty.Lines[1], StringComparison.Ordinal);
        file.Execute(Engine.Sessions.Shop.Local + "INSERT INTO products VALUES ('p1', 'sku1', 'Product 1', '1.5', 100), ('p9', 'sku9', 'Product 9', '9', 1);");
        var away = await OnceAsync("--url", "http://127.0.0.1:1", "--code", code);
        Assert.StartsWith("hint: Check the address (--url)", away.Lines[1], StringComparison.Ordinal);

        var first = await OnceAsync("--url", remote.Way.Host.Address.ToString(), "--code", code);
        Assert.Equal(0, first.ExitCode);
        Assert.Contains("2 rows from before compared with central: 1 linked, 1 uploaded, 0 changed, 0 conflicts, 0 failed.", first.Output, StringComparison.Ordinal);
        var status = await StatusAsync();
        Assert.Equal(1, status.ExitCode);
        Assert.Contains("agent         stopped at", status.Output, StringComparison.Ordinal);
        Assert.Contains("last sync     20", status.Output, StringComparison.Ordinal);

        file.Execute("UPDATE products SET price = '7' WHERE id = 'p1'");
        await remote.Chain.Database.ExecuteAsync("UPDATE products SET price = 8 WHERE id = 'p1'");
        await remote.Chain.SettledAsync();
        var disputed = await OnceAsync();
        Assert.Contains("next: decide them in the console, under Conflicts, terminal T1", disputed.Output, StringComparison.Ordinal);
        Assert.Contains($"next: payflow agent status --sqlite {file.Path}", disputed.Output, StringComparison.Ordinal);
        Assert.Contains("0 pending, 1 conflict, 0 failed", (await StatusAsync()).Output, StringComparison.Ordinal);

        // What a run that failed leaves.
        await remote.Desk.RevokeAsync("T1", "ada", null, CancellationToken.None);
        Assert.Equal(5, (await OnceAsync()).ExitCode);
        status = await StatusAsync();
        Assert.Contains("agent         refused at", status.Output, StringComparison.Ordinal);
        Assert.Contains("last sync     20", status.Output, StringComparison.Ordinal);
    }

    private static async Task HearsAsync(Socket manager, string message)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var buffer = new byte[4_096];
        while (Encoding.UTF8.GetString(buffer.AsSpan(0, await manager.ReceiveAsync(buffer, limit.Token))) != message)
        {
        }
    }

    [Theory]
    [InlineData("No host was named", "--once")]
    [InlineData("is no host's address", "--url", "ftp://x")]
    [InlineData("is no host's address", "--url", "http://x/path")]
    [InlineData("is not registered with a host", "--url", "http://127.0.0.1:1")]
    [InlineData("is no time to wait", "--url", "http://127.0.0.1:1", "--interval", "0")]
    [InlineData("cannot be reached", "--url", "http://127.0.0.1:1", "--code", "AAAA")]
    public async Task Wrong_use_is_told_in_words(string message, params string[] options)
    {
        using var file = new Fixtures.TerminalFile(Engine.Sessions.Shop.Local);
        var run = await CommandRun.OfAsync(["agent", "--sqlite", file.Path, .. options]);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(message, run.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("hint: ", run.Lines[1], StringComparison.Ordinal);
    }
}
