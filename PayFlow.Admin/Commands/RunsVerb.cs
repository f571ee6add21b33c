using System.CommandLine;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow runs</c>: the last runs, with the ids that <c>payflow rollback</c> asks for.</summary>
internal sealed class RunsVerb : Verb
{
    private const int PageWidth = 80;
    private const int IdLength = 8;

    private static readonly Option<int> Limit = new("--limit") { Description = "At most so many.", HelpName = "N", DefaultValueFactory = _ => 20 };

    public RunsVerb(CommandRunner runner)
        : base("runs", "List the last runs of all tills, or of one (--terminal), with the ids that rollback asks for.", runner, runner.Options.Terminal, Limit)
    {
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        var limit = call.Get(Limit);
        if (limit < 1)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"--limit {limit} is out of range", "Use 1 or more.");
        await using var central = await call.OpenCentralAsync();
        await KnownNames.RequireTerminalAsync(central.Source, call.Terminal, call.Cancelled);
        var runs = await new RunHistory(central.Source).ListAsync(call.Terminal, limit, call.Cancelled);
        call.Output.Json(new { ok = true, runs });
        if (runs.Count == 0)
        {
            call.Output.Line(call.Terminal is { } terminal ? $"Terminal {terminal} had no run yet." : "There was no run yet.");
            return ExitCode.Done;
        }
        var table = new TextTable("run", "UTC", "terminal", "type", "status", "rollback").WithFigures("moved", "left");
        foreach (var run in runs)
            table.Add([Short(run.Id), Figures.ShortInstant(run.StartedAt, call.Time.GetUtcNow()), run.Terminal ?? "-", Type(run), run.Status, Rollback(run)], run.Records, run.Conflicts + run.Failed);
        call.Output.Table(table, PageWidth);
        return ExitCode.Done;
    }

    private static string Short(Guid id) => id.ToString()[..IdLength];

    private static string Type(LoggedRun run) => run.Undoes is not null || run.Direction == "both" ? run.SyncType : $"{run.SyncType}, {run.Direction}";

    private static string Rollback(LoggedRun run) => (run.Undoes, run.UndoneBy) switch
    {
        (_, { } by) => $"by {Short(by)}",
        ({ } undone, _) => $"of {Short(undone)}",
        _ => string.Empty,
    };
}
