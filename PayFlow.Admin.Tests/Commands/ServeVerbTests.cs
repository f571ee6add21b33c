using System.Net;
using System.Net.Sockets;
using PayFlow.Admin.Commands;
using Xunit;

namespace PayFlow.Admin.Tests.Commands;

public sealed class ServeVerbTests
{
    [Fact]
    public async Task The_host_answers_syncs_by_its_schedule_and_ends_when_asked()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.RunWithMapAsync("attach", Shop.GoodMap, "--terminal", "T1");
        shop.Till.Execute("INSERT INTO orders (number) VALUES ('A1')");
        var url = $"http://127.0.0.1:{FreePort()}";
        using var stop = new CancellationTokenSource();
        var serving = CommandRun.OfAsync(stop.Token, "SYNC_CRON=* * * * * ?", "serve", "--urls", url, "--central", shop.Central.ConnectionString);

        using var client = new HttpClient { BaseAddress = new Uri(url) };
        await UntilAsync(async () => await client.GetStringAsync("/health/live") == "live\n");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready")).StatusCode);
        Assert.Contains("Sign in", await client.GetStringAsync("/"), StringComparison.Ordinal);
        await UntilAsync(async () => await shop.Central.ScalarAsync<long>("SELECT count(*) FROM orders") == 1);

        await stop.CancelAsync();
        var ended = await serving.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains($"PayFlow serves {url}", ended.Output, StringComparison.Ordinal);
        Assert.Contains($"{url}/account/set-up?token=", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_one_line()
    {
        await using var shop = await Shop.OpenAsync();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var run = await CommandRun.OfAsync("serve", "--urls", $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}", "--central", shop.Central.ConnectionString);

        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("cannot listen on", Assert.Single(run.Lines, l => l.StartsWith("payflow:", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                if (await condition())
                    return;
            }
            catch (HttpRequestException) when (!limit.IsCancellationRequested)
            {
                // Not listening yet.
            }
            await Task.Delay(100, limit.Token);
        }
    }
}
