using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Tests.Remote.Conformance;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Remote;

/// <summary>The examples of <c>docs/protocol.md</c> are run, one after the other, against the real host: whoever writes a client by them is told the truth.</summary>
public sealed class ProtocolExampleTests
{
    [Fact]
    public async Task The_examples_of_the_protocol_are_what_the_host_answers()
    {
        var examples = ProtocolExample.ReadAll(await File.ReadAllTextAsync(Path.Combine(ClientsFolder.Path, "..", "docs", "protocol.md")));
        await using var remote = await RemoteChain.CreateAsync(new TableMapEntry { Name = "products", Conflicts = ConflictPolicy.Merge }, new TableMapEntry { Name = "orders" });
        await Shop.ProductsAsync(remote.Chain, 2);
        await remote.Chain.SettledAsync();
        var names = new Dictionary<string, string> { ["code"] = await remote.Desk.CreateCodeAsync("T1", null, null, "ada", CancellationToken.None) };
        using var client = new HttpClient { BaseAddress = remote.Way.Host.Address };

        var differences = new List<string>();
        foreach (var example in examples)
        {
            // What an upload has written comes down only when no older transaction is open any more.
            await remote.Chain.SettledAsync();
            if (await RunAsync(client, example, names) is { } difference)
                differences.Add($"{example.Method} {example.Path}: {difference}");
        }
        Assert.True(examples.Count > 10, "docs/protocol.md has lost its examples.");
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private static async Task<string?> RunAsync(HttpClient client, ProtocolExample example, Dictionary<string, string> names)
    {
        using var request = new HttpRequestMessage(new HttpMethod(example.Method), Fill(example.Path, names));
        if (example.Body is { } body)
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Fill(body, names))) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        foreach (var (name, value) in example.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, Fill(value, names)))
                request.Content!.Headers.TryAddWithoutValidation(name, Fill(value, names));
        }
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if ((int)answer.StatusCode != example.Status)
            return $"{example.Status} is shown, {(int)answer.StatusCode} came: {text}";
        if (example.Answer is null)
            return text.Length == 0 ? null : $"nothing is shown, {text} came";
        using var shown = JsonDocument.Parse(example.Answer);
        using var given = JsonDocument.Parse(text);
        return ProtocolExample.Compare(shown.RootElement, given.RootElement, "answer", names) is { } difference ? $"{difference}; the answer is {text}" : null;
    }

    private static string Fill(string text, Dictionary<string, string> names) => names.Aggregate(text, (filled, name) => filled.Replace($"{{{{{name.Key}}}}}", name.Value, StringComparison.Ordinal));
}
