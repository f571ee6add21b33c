using System.CommandLine;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Integrity.Rollbacks;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow rollback RUN</c>: takes a run back on both sides.</summary>
internal sealed class RollbackVerb : Verb
{
    /// <summary>More rows than this go back only when it is said twice.</summary>
    private const int RowsWithoutYes = 100;

    private static readonly Argument<string> Run = new("RUN") { Description = "The run's id, or the beginning of it; payflow runs lists them." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say what would go back, and change nothing." };
    private static readonly Option<string?> Tables = new("--tables") { Description = "Only these tables of the till, separated by commas.", HelpName = "A,B" };
    private static readonly Option<bool> Yes = new("--yes") { Description = $"Do it even if it is about more than {RowsWithoutYes} rows." };

    private readonly Option<string?> _sqlite;

    public RollbackVerb(CommandRunner runner)
        : base("rollback", "Take a run back: rows that are still as it left them become what they were, on both sides; the others are listed and left.", runner,
            DryRun, Tables, runner.Options.Sqlite, Yes, Actor.As)
    {
        Arguments.Add(Run);
        _sqlite = runner.Options.Sqlite;
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        await using var central = await call.OpenCentralAsync();
        var rollback = new Rollback(central.Source);
        var request = new RollbackRequest
        {
            Run = call.Get(Run)!,
            Tables = call.Get(Tables)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            // Only a file that was named: the environment's may be another till's, and central knows where this one's lies.
            TerminalPath = call.Get(_sqlite) is { } path && !string.IsNullOrWhiteSpace(path) ? path : null,
            IsDryRun = call.Get(DryRun),
            Actor = Actor.Of(call),
        };
        if (request is { IsDryRun: false } && !call.Get(Yes))
            await RequireFewAsync(rollback, request, call.Cancelled);
        var report = await rollback.RunAsync(request, call.Cancelled);
        call.Output.Json(RollbackText.Json(report));
        RollbackText.Show(call.Output, report);
        return report.LeftCount > 0 || report.TerminalPart is TerminalPart.Waits or TerminalPart.Pruned ? ExitCode.RowsLeft : ExitCode.Done;
    }

    private static async Task RequireFewAsync(Rollback rollback, RollbackRequest request, CancellationToken cancellationToken)
    {
        var preview = await rollback.RunAsync(request with { IsDryRun = true }, cancellationToken);
        if (preview.Moved > RowsWithoutYes)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{Figures.Count(preview.Moved)} rows would go back, and nothing was changed", $"Look at them with --dry-run, then call it with --yes: payflow rollback {preview.Undone.Id} --yes");
    }
}
