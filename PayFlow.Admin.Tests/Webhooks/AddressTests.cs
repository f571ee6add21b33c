using System.Net;
using PayFlow.Admin.Webhooks;
using PayFlow.Admin.Webhooks.Sending;
using Xunit;

namespace PayFlow.Admin.Tests.Webhooks;

/// <summary>Nothing is sent into networks that are not public, however their addresses are written.</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("127.0.0.1 127.255.0.9 0.0.0.0 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 100.127.255.255 192.0.0.8 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255", false)]
    [InlineData(":: ::1 fe80::1 fe80::1%1 fec0::1 fc00::1 fd12:3456::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 2002:7f00:1::1 2001::1 2001:db8::1 3fff::1 fd00:ec2::254", false)]
    [InlineData("1.1.1.1 9.255.255.255 11.0.0.0 172.15.0.1 172.32.0.1 100.63.255.255 100.128.0.0 192.169.0.1 223.255.255.255 2606:4700::1111 2a00:1450::1 ::ffff:8.8.8.8 64:ff9b::808:808", true)]
    public void An_address_is_public_or_not(string addresses, bool isPublic) =>
        Assert.All(addresses.Split(' '), a => Assert.Equal((a, isPublic), (a, PublicAddress.IsAllowed(IPAddress.Parse(a), []))));

    [Fact]
    public void An_allowed_network_lets_in_itself_and_nothing_else()
    {
        IPNetwork[] allowed = [IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("fd00::/8")];
        Assert.All(new[] { "10.1.2.3", "::ffff:10.1.2.3", "fd00::1" }, a => Assert.True(PublicAddress.IsAllowed(IPAddress.Parse(a), allowed)));
        Assert.All(new[] { "10.2.0.1", "127.0.0.1", "fe80::1" }, a => Assert.False(PublicAddress.IsAllowed(IPAddress.Parse(a), allowed)));
    }

    [Fact]
    public async Task However_this_machine_is_written_nothing_arrives()
    {
        await using var receiver = await Receiver.StartAsync();
        var port = receiver.Address.Port;
        using var line = WebhookLine.Create(new WebhookSettings { IsHttpAllowed = true });
        foreach (var host in new[] { "127.0.0.1", "localhost", "LOCALHOST.", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0", "[::]", "①②⑦.⓪.⓪.①", Dns.GetHostName() })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{host}:{port}/hook");
            var e = await Assert.ThrowsAsync<HttpRequestException>(() => line.SendAsync(request, CancellationToken.None));
            Assert.True(e.InnerException is RefusedAddressException || e.HttpRequestError == HttpRequestError.NameResolutionError, $"{host}: {e}");
        }
        Assert.Empty(receiver.Calls);

        // The same line, allowed, arrives: it was the check that stopped it.
        using var open = WebhookLine.Create(new WebhookSettings { Networks = [IPNetwork.Parse("127.0.0.0/8")] });
        using var allowed = new HttpRequestMessage(HttpMethod.Post, $"http://localhost:{port}/hook");
        (await open.SendAsync(allowed, CancellationToken.None)).Dispose();
        Assert.Single(receiver.Calls);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("example.com/hook")]
    [InlineData("ftp://example.com")]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://example.com/hook")]
    [InlineData("https://")]
    [InlineData("https://user:secret@example.com/")]
    [InlineData("https://example.com/#part")]
    [InlineData("https://example.com/a b")]
    [InlineData("https://exa\nmple.com/")]
    [InlineData("https://exam\0ple.com/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://017700000001/")]
    [InlineData("https://2852039166/latest/meta-data")]
    [InlineData("https://[::ffff:169.254.169.254]/")]
    [InlineData("https://192.168.0.1:8443/")]
    [InlineData("https://example.com:99999/")]
    public void An_address_that_cannot_be_used_is_refused_with_its_remedy(string address) => Assert.NotNull(WebhookAddress.Fault(address, new WebhookSettings()));

    [Theory]
    [InlineData("https://example.com")]
    [InlineData("https://example.com:8443/a?b=c%20d")]
    [InlineData(" https://example.com/hook ")]
    [InlineData("https://bücher.example/hook")]
    [InlineData("https://1.1.1.1/")]
    public void A_public_address_by_https_can_be_used(string address) => Assert.Null(WebhookAddress.Fault(address, new WebhookSettings()));
}
