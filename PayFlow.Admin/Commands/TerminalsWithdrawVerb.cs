using System.CommandLine;
using PayFlow.Admin.Data;
using PayFlow.Admin.Remote;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow terminals withdraw</c>: takes back a code that nobody has used.</summary>
internal sealed class TerminalsWithdrawVerb : Verb
{
    private readonly Argument<string> _number = new("NUMBER") { Description = "The code's number, as payflow terminals codes shows it; not the code itself." };

    public TerminalsWithdrawVerb(CommandRunner runner)
        : base("withdraw", "Take back a code that no till has used yet.", runner, Actor.As) => Arguments.Add(_number);

    protected override async Task<int> RunAsync(Invocation call)
    {
        var asked = call.Get(_number)!.Trim();
        await using var central = await call.OpenCentralAsync();
        await ConsoleMigrator.MigrateAsync(central.Source, call.Time, call.Cancelled);
        var open = (await new DeviceReader(central.Source).ListCodesAsync(new PageRequest(1, int.MaxValue), call.Cancelled)).Items;
        var found = asked.Length < TerminalsCodesVerb.IdLength ? [] : open.Where(c => c.Id.StartsWith(asked, StringComparison.OrdinalIgnoreCase)).ToList();
        if (found is not [var code])
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"No open code has the number {asked}", "payflow terminals codes lists those that are open. One that a till has used is ended with the till's key: payflow terminals revoke --terminal ID");
        await new DeviceDesk(central.Source).WithdrawAsync(code.Id, Actor.Of(call), call.Cancelled);
        call.Output.Json(new { ok = true, id = code.Id[..TerminalsCodesVerb.IdLength], terminal = code.Terminal });
        call.Output.Line($"The code for {code.Terminal ?? "a new till"} does not work any more.");
        return ExitCode.Done;
    }
}
