using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow agent status</c>: how a till's agent stands, by its own word and by whether it runs.</summary>
internal sealed class AgentStatusVerb : Verb
{
    public AgentStatusVerb(CommandRunner runner)
        : base("status", "Show how a till's agent stands. Needs neither central nor a line to the host.", runner, runner.Options.Sqlite)
    {
    }

    protected override Task<int> RunAsync(Invocation call)
    {
        var path = call.RequireSqliteFile();
        var status = AgentStatusFile.Read(path)
            ?? throw new SyncException(SyncErrorCode.InvalidConfiguration, $"No agent has run for {path} yet", DeviceFile.Read(path) is { IsRegistered: true }
                ? $"Start one: payflow agent --sqlite {ShellWord.Of(path)}"
                : "Start one: payflow agent --url URL --sqlite FILE --code CODE");
        var isRunning = AgentStatusFile.IsAgentRunning(path);
        var isStale = isRunning && call.Time.GetUtcNow() - status.UpdatedAt > AgentStatusFile.StaleAfter;
        call.Output.Json(new { ok = isRunning && !isStale, isRunning, isStale, status });
        AgentStatusText.Show(call.Output, status, isRunning, isStale);
        return Task.FromResult(isRunning && !isStale ? ExitCode.Done : ExitCode.Failed);
    }
}
