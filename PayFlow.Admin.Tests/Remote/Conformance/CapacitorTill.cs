using System.Text.Json;

namespace PayFlow.Admin.Tests.Remote.Conformance;

/// <summary>The TypeScript client under Node, in a process that dies as a device does whose battery is taken out.</summary>
internal sealed class CapacitorTill(RemoteChain chain, CapacitorProcess process, string path) : IConformanceTill
{
    private bool _isOpen;

    public async Task RegisterAsync(string code) => Require(await AskAsync(new { @do = "register", code }));

    public async Task<string> SyncAsync(string? die, string? lose)
    {
        if (await AskAsync(new { @do = "sync", die, lose }) is not { } answer)
        {
            _isOpen = false;
            return "!Killed";
        }
        if (answer.TryGetProperty("status", out var status))
            return status.GetString()!;
        return answer.GetProperty("error").GetString() is { } code and not "Unknown" ? $"!{code}" : throw new InvalidOperationException(answer.GetProperty("message").GetString());
    }

    public override string ToString() => "the TypeScript client";

    public async ValueTask DisposeAsync()
    {
        if (_isOpen)
            await process.AskAsync(new { @do = "close" });
        _isOpen = false;
    }

    private async Task<JsonElement?> AskAsync(object command)
    {
        if (!_isOpen)
        {
            Require(await process.AskAsync(new { @do = "open", file = path, host = chain.Way.Host.Address }));
            _isOpen = true;
        }
        return await process.AskAsync(command);
    }

    private static void Require(JsonElement? answer)
    {
        if (answer is not { } known)
            throw new InvalidOperationException("The client's process ended.");
        if (known.TryGetProperty("message", out var message))
            throw new InvalidOperationException(message.GetString());
    }
}
