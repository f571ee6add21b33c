using System.CommandLine;
using PayFlow.Admin.Data;
using PayFlow.Admin.Remote;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow terminals code</c>: a one-time code for a till elsewhere.</summary>
internal sealed class TerminalsCodeVerb : Verb
{
    private static readonly Option<string?> DisplayName = new("--name") { Description = "What people call the till.", HelpName = "TEXT" };

    private static readonly Option<bool> MayResolve = new("--may-resolve") { Description = "Conflicts of its own rows may be decided at the till, too." };

    public TerminalsCodeVerb(CommandRunner runner)
        : base("code", "Make a one-time code that lets a till elsewhere in. With --terminal it is for that one, also in place of the device that it has been so far; without, the till names itself.", runner,
            runner.Options.Terminal, DisplayName, AttributeOption.Option, MayResolve, Actor.As)
    {
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        var attributes = AttributeOption.Read(call);
        await using var central = await call.OpenCentralAsync();
        await ConsoleMigrator.MigrateAsync(central.Source, call.Time, call.Cancelled);
        var code = await new DeviceDesk(central.Source).CreateCodeAsync(call.Terminal, call.Get(DisplayName), attributes, Actor.Of(call), call.Cancelled, call.Get(MayResolve));
        var hours = (int)DeviceDesk.CodeLife.TotalHours;
        call.Output.Json(new { ok = true, code, terminal = call.Terminal, hours });
        call.Output.Line($"The code works once, for {hours} hours: {code}");
        call.Output.Line($"At the till: payflow agent --url URL --sqlite FILE --code {code}{(call.Terminal is null ? " --terminal ID" : string.Empty)}");
        return ExitCode.Done;
    }
}
