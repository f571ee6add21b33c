using System.CommandLine;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow sync</c>: one run of one till.</summary>
internal sealed class SyncVerb : Verb
{
    private static readonly Option<string> Direction = WithWords(new Option<string>("--direction")
    {
        Description = "both, pull (till → central) or push (central → till).",
        HelpName = "both|push|pull",
        DefaultValueFactory = _ => "both",
    });

    private static readonly Option<string?> Tables = new("--tables") { Description = "Only these tables of the till, separated by commas.", HelpName = "A,B" };
    private static readonly Option<bool> AcceptMoved = new("--accept-moved") { Description = "The file was moved, or restored, to where it is now on purpose." };

    public SyncVerb(CommandRunner runner)
        : base("sync", "Send what the till has changed to central, and bring what central has changed.", runner,
            runner.Options.Sqlite, runner.Options.Terminal, Direction, Tables, AcceptMoved, runner.Options.Map)
    {
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        call.ReadSettings();
        var path = call.RequireSqliteFile();
        var map = MapFile.Read(call);
        var terminal = TerminalFile.RequireAttached(call, path);

        await using var central = await call.OpenCentralAsync();
        await MapFile.SaveAsync(map, path, central, call.Cancelled);
        var request = new SyncRequest
        {
            Direction = Enum.Parse<SyncDirection>(call.Get(Direction)!, ignoreCase: true),
            Tables = call.Get(Tables)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            AcceptMoved = call.Get(AcceptMoved),
        };
        var report = await RunExecution.RunAsync(call, central, path, terminal, request);
        call.Output.Json(RunReportJson.Of(report));
        RunReportText.Show(call.Output, report, path, Headline(terminal, report), request);
        return RunExecution.ExitCodeOf(report);
    }

    private static string Headline(string terminal, RunReport report) => (report.Moved, report.IsClean && report.WaitingForBootstrap == 0) switch
    {
        (0, true) => $"Terminal {terminal} and central are in step: nothing had to move.",
        (0, false) => $"Terminal {terminal}: nothing moved, but not everything is in step.",
        _ => $"Terminal {terminal} synced.",
    };

    private static Option<string> WithWords(Option<string> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Enum.GetNames<SyncDirection>().Contains(token.Value, StringComparer.OrdinalIgnoreCase))
                result.AddError($"'{token.Value}' is no direction: use both, push or pull.");
        });
        return option;
    }
}
