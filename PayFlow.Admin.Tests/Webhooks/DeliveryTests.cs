using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PayFlow.Admin.Webhooks;
using Xunit;

namespace PayFlow.Admin.Tests.Webhooks;

public sealed class DeliveryTests
{
    [Fact]
    public async Task The_end_of_a_run_is_told_signed_and_written_down()
    {
        await using var shop = await WebhookCase.CreateAsync();
        var till = await shop.TillAsync("T1");
        await till.SyncAsync();
        var (webhook, secret) = await shop.HookAsync(WebhookEvent.RunFinished);
        till.Execute("INSERT INTO goods VALUES (7, 'new', 7)");
        var run = await till.SyncAsync();

        var call = Assert.Single(await shop.CallsAsync(1));
        Assert.Equal("run.finished", call.Type);
        Assert.Equal(1, call.Json.GetProperty("version").GetInt32());
        Assert.Equal(call.Id, call.Json.GetProperty("id").GetString());
        Assert.Equal("T1", call.Json.GetProperty("terminal").GetString());
        Assert.Equal(run.RunId, call.Data.GetProperty("run").GetGuid());
        Assert.Equal(("SYNCED", 1L), (call.Data.GetProperty("status").GetString(), call.Data.GetProperty("rows").GetInt64()));
        Assert.Equal("goods", call.Data.GetProperty("tables")[0].GetProperty("table").GetString());
        Assert.Equal("application/json; charset=utf-8", call.Headers["content-type"]);
        Assert.Equal(Signature(secret, call), call.Headers["webhook-signature"]);

        await shop.DoneAsync("SUCCEEDED");
        Assert.Equal("1 204", await shop.Database.ScalarAsync<string>("SELECT attempt || ' ' || status FROM console.webhook_attempts"));
        var after = (await shop.Desk.FindAsync(webhook.Id))!;
        Assert.Equal((0, true), (after.Failures, after.DeliveredAt is not null));
    }

    /// <summary>As a receiver does it.</summary>
    internal static string Signature(string secret, ReceivedCall call)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var at = long.Parse(call.Headers["webhook-timestamp"], CultureInfo.InvariantCulture);
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{call.Id}.{at}.{call.Body}")));
    }
}
