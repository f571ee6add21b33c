using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow agent key</c>: gives a till another device key.</summary>
internal sealed class AgentKeyVerb : Verb
{
    public AgentKeyVerb(CommandRunner runner)
        : base("key", "Give the till another device key; an agent that runs does so by itself every 90 days, when it is started. The old key ends with the first use of the new one.", runner, runner.Options.Sqlite)
    {
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        var path = call.RequireSqliteFile();
        var device = DeviceFile.Read(path) is { IsRegistered: true } known
            ? known
            : throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{path} is not registered with a host", "Get a code from an administrator (payflow terminals code) and give it once: payflow agent --url URL --sqlite FILE --code CODE");
        await new KeyChange(path, time: call.Time).ChangeAsync(device, call.Cancelled);
        var isRunning = AgentStatusFile.IsAgentRunning(path);
        call.Output.Json(new { ok = true, terminal = device.Terminal, isAgentRunning = isRunning });
        call.Output.Line($"Terminal {device.Terminal} has a new key; it is in {DeviceFile.PathOf(path)}.");
        if (isRunning)
            call.Output.Note("payflow: the agent that runs takes it with its next run; the old one ends then.");
        return ExitCode.Done;
    }
}
