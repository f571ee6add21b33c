using PayFlow.Admin.Data;
using PayFlow.Admin.Remote;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow terminals revoke</c>: ends a till's key.</summary>
internal sealed class TerminalsRevokeVerb : Verb
{
    public TerminalsRevokeVerb(CommandRunner runner)
        : base("revoke", "End the key of a till elsewhere, at once. What it sells from then on stays in its file until it is registered again.", runner, runner.Options.Terminal, Actor.As, Actor.Reason)
    {
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        var terminal = call.Terminal ?? throw new SyncException(SyncErrorCode.InvalidConfiguration, "No terminal was named", "Give its id: --terminal ID");
        await using var central = await call.OpenCentralAsync();
        await ConsoleMigrator.MigrateAsync(central.Source, call.Time, call.Cancelled);
        await new DeviceDesk(central.Source).RevokeAsync(terminal, Actor.Of(call), call.Get(Actor.Reason), call.Cancelled);
        call.Output.Json(new { ok = true, terminal });
        call.Output.Line($"The key of terminal {terminal} does not work any more. payflow terminals code --terminal {terminal} lets it in again.");
        return ExitCode.Done;
    }
}
