using PayFlow.Admin.Output;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow runs</c>: the last runs, with the ids that <c>payflow rollback</c> asks for.</summary>
internal sealed class RunsVerb : Verb
{
    private const int Listed = 20;

    public RunsVerb(CommandRunner runner)
        : base("runs", "List the last runs of all tills, or of one (--terminal), with the ids that rollback asks for.", runner, runner.Options.Terminal)
    {
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        await using var central = await call.OpenCentralAsync();
        var runs = await new RunHistory(central.Source).ListAsync(call.Terminal, Listed, call.Cancelled);
        call.Output.Json(new { ok = true, runs });
        if (runs.Count == 0)
        {
            call.Output.Line(call.Terminal is { } terminal ? $"Central knows no run of a terminal {terminal}." : "There was no run yet.");
            return ExitCode.Done;
        }
        var table = new TextTable("run", "started (UTC)", "terminal", "type", "status", "rolled back").WithFigures("moved", "conflicts", "failed");
        foreach (var run in runs)
            table.Add([run.Id.ToString(), Figures.Instant(run.StartedAt), run.Terminal ?? "-", Type(run), run.Status, run.UndoneBy is { } by ? $"by {by.ToString()[..8]}" : string.Empty], run.Records, run.Conflicts, run.Failed);
        call.Output.Table(table);
        return ExitCode.Done;
    }

    private static string Type(LoggedRun run) => run.Undoes is { } undone ? $"{run.SyncType} of {undone.ToString()[..8]}" : $"{run.SyncType}, {run.Direction}";
}
