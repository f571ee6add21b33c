using System.CommandLine;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow bootstrap</c>: compares the rows that are older than the capture.</summary>
internal sealed class BootstrapVerb : Verb
{
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say what it would do, and change nothing." };

    public BootstrapVerb(CommandRunner runner)
        : base("bootstrap", "Compare the rows that were in the till before it was attached: link what both sides have, upload what central lacks.", runner,
            runner.Options.Sqlite, runner.Options.Terminal, DryRun, runner.Options.Map)
    {
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        call.ReadSettings();
        var path = call.RequireSqliteFile();
        var map = MapFile.Read(call);
        var terminal = TerminalFile.RequireAttached(call, path);

        var isDryRun = call.Get(DryRun);
        await using var central = await call.OpenCentralAsync();
        if (!isDryRun)
            await MapFile.SaveAsync(map, path, central, call.Cancelled);
        var request = new SyncRequest { Bootstrap = true, IsDryRun = isDryRun };
        var report = await RunExecution.RunAsync(call, central, path, terminal, request);
        call.Output.Json(RunReportJson.Of(report));
        RunReportText.Show(call.Output, report, path, Headline(terminal, report, isDryRun), request);
        return RunExecution.ExitCodeOf(report);
    }

    private static string Headline(string terminal, RunReport report, bool isDryRun)
    {
        var rows = Figures.Count(report.Tables.Sum(t => t.Read), "row");
        return (isDryRun, report.Tables.Count) switch
        {
            (true, 0) => $"Terminal {terminal} has no rows to compare; bootstrap would do nothing.",
            (true, _) => $"Bootstrap would compare {rows} of terminal {terminal} with central. Nothing was changed.",
            (_, 0) => $"Terminal {terminal} had no rows to compare.",
            _ => $"Terminal {terminal}: {rows} compared with central.",
        };
    }
}
