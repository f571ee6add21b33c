using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Admin.Webhooks;
using PayFlow.Admin.Webhooks.Sending;
using Xunit;
using IPNetwork = System.Net.IPNetwork;

namespace PayFlow.Admin.Tests.Webhooks;

/// <summary>A receiver that means harm, or takes all that it can get.</summary>
public sealed class HostileReceiverTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Whatever_stands_in_an_answer_how_it_went_is_written_down()
    {
        await using var shop = await WebhookCase.CreateAsync();
        var (webhook, _) = await shop.HookAsync(WebhookEvent.RunFinished);
        // Cut in the middle of a character, wherever the limit is.
        var faces = string.Concat(Enumerable.Repeat("%F0%9F%98%80", 600));
        foreach (var head in new[] { "500 \0\x01<script>\xff", "500 " + new string('x', 20_000), $"302 Found\r\nLocation: https://example.com/{faces}", $"302 Found\r\nLocation: https://example.com/a{faces}", "200 OK\r\nX-A: \x01\x7f<b>\r\nX-B: " + new string('y', 20_000) })
        {
            await using var receiver = new RawReceiver($"HTTP/1.1 {head}\r\nContent-Length: 7\r\nConnection: close\r\n\r\n\xff\xfe\0<b>\x01");
            await shop.Database.ExecuteAsync($"UPDATE console.webhooks SET url = 'http://127.0.0.1:{receiver.Port}/'");
            var id = await shop.Desk.TestAsync(webhook.Id, "ann");
            await Until.TrueAsync(async () => await shop.Database.ScalarAsync<bool>($"SELECT finished_at IS NOT NULL FROM console.webhook_deliveries WHERE id = {id}"));
            Assert.True(await shop.Database.ScalarAsync<bool>($"SELECT coalesce(length(error) <= 1001, true) AND coalesce(length(hint) <= 1001, true) AND attempt = 1 FROM console.webhook_deliveries WHERE id = {id}"), head[..12]);
        }
    }

    [Fact]
    public async Task A_pause_may_be_asked_for_until_a_point_in_time()
    {
        await using var shop = await WebhookCase.CreateAsync();
        await shop.HookAsync(WebhookEvent.RunFinished);
        shop.Receiver.Answer = static (context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = (TimeProvider.System.GetUtcNow() + Hour).ToString("R", CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        };
        await shop.RunAsync("T1");
        await shop.DoneAsync("RETRYING");
        Assert.True(await shop.Database.ScalarAsync<bool>("SELECT due_at > now() + interval '50 minutes' FROM console.webhook_deliveries"));
    }

    [Fact]
    public async Task Slow_and_failing_receivers_leave_room_for_the_others()
    {
        await using var shop = await WebhookCase.CreateAsync();
        await shop.Host.Host.StopAsync();
        var (slow, _) = await shop.HookAsync(WebhookEvent.RunFinished);
        await shop.RunAsync("T1");
        await shop.RunAsync("T2");
        var (quick, _) = await shop.HookAsync(WebhookEvent.RunFinished);
        await shop.RunAsync("T3");
        var queue = new DeliveryQueue(shop.Chain.Source, new WebhookSettings());

        // The one that has three under way gets one more place at most, and after whoever has none.
        Assert.Equal(quick.Id, Assert.Single(await queue.TakeAsync("host", 1, 4, [slow.Id, slow.Id, slow.Id], CancellationToken.None)).Webhook);
        Assert.Equal(slow.Id, Assert.Single(await queue.TakeAsync("host", 10, 4, [slow.Id, slow.Id, slow.Id, quick.Id], CancellationToken.None)).Webhook);

        // One at once is enough to find out whether it is back.
        await shop.Database.ExecuteAsync("UPDATE console.webhooks SET failures = 5");
        Assert.Empty(await queue.TakeAsync("host", 10, 4, [slow.Id, quick.Id], CancellationToken.None));
        Assert.Single(await queue.TakeAsync("host", 10, 4, [], CancellationToken.None));
    }

    [Fact]
    public async Task A_certificate_cannot_make_the_host_fetch_anything()
    {
        await using var inner = new RawReceiver("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using var certificate = Certificate($"http://127.0.0.1:{inner.Port}/issuer.cer");
        await using var receiver = new RawReceiver("HTTP/1.1 204 No Content\r\n\r\n", certificate);
        using var line = WebhookLine.Create(new WebhookSettings { Networks = [IPNetwork.Parse("127.0.0.0/8")] });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"https://localhost:{receiver.Port}/");
        await Assert.ThrowsAsync<HttpRequestException>(() => line.SendAsync(request, CancellationToken.None));
        Assert.Equal((1, 0), (receiver.Connections, inner.Connections));
    }

    // Of an issuer whom nobody knows, and who is said to be found at an address.
    private static X509Certificate2 Certificate(string issuerAt)
    {
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var issuer = new CertificateRequest("CN=nobody", issuerKey, HashAlgorithmName.SHA256);
        issuer.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        using var authority = issuer.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-2), TimeProvider.System.GetUtcNow().AddDays(2));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        leaf.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([], [issuerAt]));
        using var made = leaf.Create(authority, TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1), RandomNumberGenerator.GetBytes(8));
        using var withKey = made.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
    }
}
