using System.Collections.Concurrent;
using System.Net.Http.Headers;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Http;

namespace PayFlow.Admin.Tests.Remote.Events;

/// <summary>A till that listens, and writes down what it hears.</summary>
internal sealed class TillEar : IAsyncDisposable
{
    private readonly HttpClient _client;
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentQueue<string> _heard = new();
    private readonly Task _listening;

    private TillEar(HttpClient client, HttpResponseMessage answer)
    {
        _client = client;
        _listening = ListenAsync(answer);
    }

    public IReadOnlyList<string> Heard => [.. _heard];

    /// <summary>The host has ended the stream.</summary>
    public Task Over => _listening;

    public static async Task<TillEar> OpenAsync(Uri host, string key)
    {
        var client = new HttpClient { BaseAddress = host };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(HostLine.Scheme, key);
        client.DefaultRequestHeaders.Add(HostLine.ProtocolHeader, HostLine.Protocol);
        var answer = await client.GetAsync(SyncPaths.Events, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        var ear = new TillEar(client, answer);
        await ear.HearsAsync("ready");
        return ear;
    }

    public Task HearsAsync(string name, int times = 1) => Until.TrueAsync(() => Task.FromResult(_heard.Count(h => h == name) >= times));

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _listening;
        _client.Dispose();
        _ended.Dispose();
    }

    private async Task ListenAsync(HttpResponseMessage answer)
    {
        using var _ = answer;
        try
        {
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(_ended.Token));
            while (await reader.ReadLineAsync(_ended.Token) is { } line)
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal))
                    _heard.Enqueue(line["event: ".Length..]);
                else if (line.Length > 0 && line != "data: {}" && !line.StartsWith("retry: ", StringComparison.Ordinal) && !line.StartsWith(':'))
                    _heard.Enqueue("contents: " + line);
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            // The host has ended it in the middle, or the test has.
        }
    }
}
