using System.Diagnostics;
using System.Text.Json;

namespace PayFlow.Admin.Tests.Remote.Conformance;

/// <summary>A Node process with the TypeScript client that is told what to do line by line; begun when it is first asked, and again after it died.</summary>
internal sealed class CapacitorProcess : IAsyncDisposable
{
    private Process? _process;

    /// <summary>The answer; null when the process ended instead.</summary>
    public async Task<JsonElement?> AskAsync(object command)
    {
        if (_process is null)
        {
            await CapacitorBuild.EnsureAsync();
            _process = Process.Start(new ProcessStartInfo("node", ["dist/test/conformanceAgent.js"]) { WorkingDirectory = ClientsFolder.Capacitor, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        }
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command));
        await _process.StandardInput.FlushAsync();
        if (await _process.StandardOutput.ReadLineAsync() is { } line)
            return JsonDocument.Parse(line).RootElement;
        await DisposeAsync();
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not { } process)
            return;
        _process = null;
        // A process that died cannot be told any more that nothing more comes.
        if (!process.HasExited)
            process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
