using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;

namespace PayFlow.Admin.Tests.Engine.Http;

/// <summary>A POS program that keeps its file in step, and shows how it stands.</summary>
public sealed class PosProgram(string file, Action<string> indicator)
{
    // Once, with the code that the administrator gave.
    public static Task RegisterAsync(string file, Uri host, string code, CancellationToken cancellationToken) =>
        new Registration(file).RegisterAsync(host, code, terminal: null, name: null, cancellationToken);

    // As long as the program runs; ends in order when it is cancelled.
    public async Task KeepInStepAsync(CancellationToken cancellationToken)
    {
        var device = DeviceFile.Read(file) ?? throw new InvalidOperationException("Register first.");
        await using var agent = new TerminalAgent(file, device);
        agent.StatusChanged += status => indicator(status switch
        {
            { State: AgentState.Syncing } => "syncing",
            { Trouble: { } trouble } when status.State != AgentState.Offline => $"{trouble.Message} {trouble.Hint}",
            { IsOnline: false } => $"offline, {status.Pending} to send",
            { Conflicts: > 0 } => $"{status.Conflicts} to decide",
            _ => $"in step since {status.LastSync:t}",
        });
        try
        {
            await agent.RunAsync(cancellationToken);
        }
        catch (SyncException e) when (e.Code == SyncErrorCode.NotPermitted)
        {
            indicator($"{e.Message} {e.Hint}");
        }
    }
}
