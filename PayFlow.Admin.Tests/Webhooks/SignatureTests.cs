using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using PayFlow.Admin.Webhooks;
using Xunit;

namespace PayFlow.Admin.Tests.Webhooks;

/// <summary>A receiver that is written from the document understands what is sent.</summary>
public sealed class SignatureTests
{
    [Fact]
    public void The_vector_of_the_document_is_what_is_sent()
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(Documentation.Vector("timestamp"), CultureInfo.InvariantCulture));
        Assert.Equal(Documentation.Vector("signature"), WebhookSecret.Sign([Documentation.Vector("secret")], Documentation.Vector("id"), at, Documentation.Vector("body")));
    }

    [Fact]
    public void The_example_in_CSharp_takes_what_is_genuine_and_refuses_everything_else()
    {
        // The document's own text: what is compiled here is what stands there.
        Assert.Contains(Plain(Documentation.Code("csharp")), Plain(File.ReadAllText(Source())), StringComparison.Ordinal);
        var (one, two, body) = (WebhookSecret.Create(), WebhookSecret.Create(), "{\"a\":\"ä\"}");
        var now = TimeProvider.System.GetUtcNow();
        bool Check(string secret, string id, DateTimeOffset at, string signatures, string text) => IsGenuine(secret, id, at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), signatures, Encoding.UTF8.GetBytes(text));

        var signed = WebhookSecret.Sign([two, one], "evt_1", now, body);
        Assert.True(Check(one, "evt_1", now, signed, body));
        Assert.True(Check(two, "evt_1", now, signed, body));
        Assert.False(Check(WebhookSecret.Create(), "evt_1", now, signed, body));
        Assert.False(Check(one, "evt_2", now, signed, body));
        Assert.False(Check(one, "evt_1", now.AddSeconds(1), signed, body));
        Assert.False(Check(one, "evt_1", now, signed, body + " "));
        var old = now.AddMinutes(-6);
        Assert.False(Check(one, "evt_1", old, WebhookSecret.Sign([one], "evt_1", old, body), body));
        Assert.False(IsGenuine(one, "evt_1", "soon", signed, []));
    }

    [Fact]
    public async Task The_example_in_Node_takes_the_vector_of_the_document()
    {
        var folder = Directory.CreateTempSubdirectory("payflow-node-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "example.mjs"), Documentation.Code("js"));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "try.mjs"), """
                import { isGenuine } from './example.mjs';
                const [secret, id, timestamp, signature, body] = process.argv.slice(2);
                const at = Number(timestamp);
                console.log([
                  isGenuine(secret, id, timestamp, `v1,AAAA ${signature}`, body, at), isGenuine(secret, id, timestamp, signature, body + ' ', at),
                  isGenuine(secret, 'evt', timestamp, signature, body, at), isGenuine(secret, id, timestamp, signature, body, at + 301), isGenuine(secret, id, 'soon', signature, body, at),
                ].join(' '));
                """);
            using var node = Process.Start(new ProcessStartInfo("node", ["try.mjs", .. new[] { "secret", "id", "timestamp", "signature", "body" }.Select(Documentation.Vector)]) { WorkingDirectory = folder.FullName, RedirectStandardOutput = true })!;
            Assert.Equal("true false false false false\n", await node.StandardOutput.ReadToEndAsync());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Every_event_is_in_the_document() =>
        Assert.Equal(WebhookEvent.All.Select(e => e.Type).Append(WebhookEvent.Test).Order(StringComparer.Ordinal), Documentation.Payloads.Keys.Order(StringComparer.Ordinal));

    private static string Plain(string code) => string.Join('\n', code.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0));

    private static string Source([CallerFilePath] string path = "") => path;

#pragma warning disable CA1305, RS0030 // As a receiver writes it.
    private static bool IsGenuine(string secret, string id, string timestamp, string signatures, byte[] body)
    {
        if (!long.TryParse(timestamp, out var at) || Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - at) > 300)
            return false;
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var expected = Encoding.UTF8.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed)));
        return signatures.Split(' ').Any(s => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(s), expected));
    }
#pragma warning restore CA1305, RS0030
}
