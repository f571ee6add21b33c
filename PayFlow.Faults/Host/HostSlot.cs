using System.Diagnostics;
using System.Text.Json;
using PayFlow.Faults.Engine;
using PayFlow.Sync.Engine;

namespace PayFlow.Faults.Host;

/// <summary>Where a worker's host runs: one process for as long as it lives, and the next one when it was killed, which stands ready.</summary>
internal sealed class HostSlot(Sabotage sabotage) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private Process? _process;
    private Process? _next;

    /// <summary>Serves a central; what it served before is over, as on an administrator's word.</summary>
    public async Task<Uri> StartAsync(string central)
    {
        if (_process is not { HasExited: false })
            (_process, _next) = (_next ?? Run(), Run());
        return (await AskAsync(new HostCommand(central))).Address!;
    }

    /// <summary>Stops it in peace: what is under way is brought to its end.</summary>
    public Task StopAsync() => AskAsync(new HostCommand(null));

    /// <summary>kill -9, and waits until nothing is left of it.</summary>
    public async Task KillAsync()
    {
        var dead = _process!;
        dead.Kill();
        await dead.WaitForExitAsync();
        dead.Dispose();
        (_process, _next) = (_next, Run());
    }

    public void Dispose()
    {
        foreach (var process in new[] { _process, _next })
        {
            if (process is { HasExited: false })
                process.Kill();
            process?.Dispose();
        }
    }

    private Process Run() => ChildProcessStart.Run(HostChild.Verb, sabotage == Sabotage.None ? [] : [sabotage.ToString()]);

    private async Task<HostAnswer> AskAsync(HostCommand command)
    {
        await _process!.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command));
        await _process.StandardInput.FlushAsync();
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
            ?? throw new SyncException(SyncErrorCode.Unexpected, "The host's process died by itself", "Its last words are on standard error.");
        return JsonSerializer.Deserialize<HostAnswer>(line)!;
    }
}
