using System.CommandLine;
using PayFlow.Admin.Data;
using PayFlow.Admin.Remote;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow terminals code</c>: a one-time code for a till elsewhere.</summary>
internal sealed class TerminalsCodeVerb : Verb
{
    private static readonly Option<string?> DisplayName = new("--name") { Description = "What people call the till.", HelpName = "TEXT" };

    private static readonly Option<bool> MayResolve = new("--may-resolve") { Description = "Conflicts of its own rows may be decided at the till, too." };

    private static readonly Option<bool> Replace = new("--replace") { Description = "The terminal is a file that a host syncs, and is to be a till elsewhere from now on: that file is synced no more." };

    public TerminalsCodeVerb(CommandRunner runner)
        : base("code", "Make a one-time code that lets a till elsewhere in. With --terminal it is for that one, also in place of the device that it has been so far; without, the till names itself.", runner,
            runner.Options.Terminal, DisplayName, AttributeOption.Option, MayResolve, Replace, Actor.As)
    {
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        var attributes = AttributeOption.Read(call);
        await using var central = await call.OpenCentralAsync();
        await ConsoleMigrator.MigrateAsync(central.Source, call.Time, call.Cancelled);
        var desk = new DeviceDesk(central.Source);
        if (call.Terminal is { } asked && !call.Get(Replace) && await desk.FindFileAsync(asked, call.Cancelled) is { } file)
            throw new SyncException(SyncErrorCode.IdentityMismatch, $"Terminal {asked} is {file}, which a host syncs", "The till that uses the code takes its place, and that file is synced no more. If that is meant, add --replace; for another till choose another id.") { Terminal = asked };
        await new CodeAttributes(central.Source).RequireAsync(call.Terminal, attributes, call.Cancelled);
        var code = await desk.CreateCodeAsync(call.Terminal, call.Get(DisplayName), attributes, Actor.Of(call), call.Cancelled, call.Get(MayResolve));
        var hours = (int)DeviceDesk.CodeLife.TotalHours;
        call.Output.Json(new { ok = true, code, terminal = call.Terminal, hours });
        call.Output.Line($"The code works once, for {hours} hours, with the hosts of {central.Place}: {code}");
        call.Output.Line($"At the till: payflow agent --url URL --sqlite FILE --code {code}{(call.Terminal is null ? " --terminal ID" : string.Empty)}");
        return ExitCode.Done;
    }
}
