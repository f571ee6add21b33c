using System.CommandLine;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow queue discard</c></summary>
internal sealed class QueueDiscardVerb : Verb
{
    private static readonly Option<bool> Yes = new("--yes") { Description = "Do it. Without, it is only said what would be given up." };
    private static readonly Option<bool> All = new("--all") { Description = "Every row that waits." };

    private readonly QueueOptions _options = new();

    public QueueDiscardVerb(CommandRunner runner)
        : base("discard", "Give changes up: the till's row takes central's state again. Needs central; the given-up row is kept in its audit.", runner, runner.Options.Sqlite, All, Actor.Reason, Actor.As, Yes)
    {
        Options.Add(_options.InTable);
        Options.Add(_options.Status);
        _options.Row.AddTo(this);
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        var path = call.RequireSqliteFile();
        TerminalFile.RequireAttached(call, path);
        var filter = _options.ReadSome(call, call.Get(All));
        await using var central = await call.OpenCentralAsync();
        await using var session = await QueueSession.OpenAsync(path, new PostgresCentral(central.Source), "discard", cancellationToken: call.Cancelled);
        var discard = new QueueDiscard(session);
        var steps = await discard.PreviewAsync(filter, call.Cancelled);
        if (!call.Get(Yes))
        {
            steps = discard.Try(steps);
            // Refused as the real thing would be.
            if (filter.Key is not null && steps is [{ Effect: DiscardEffect.Refused } refused])
                throw new SyncException(SyncErrorCode.ValueRefused, refused.Reason!, refused.Hint) { Table = refused.Entry.Table, Key = refused.Entry.Key };
            var isAllowed = steps.All(s => s.Effect != DiscardEffect.Refused);
            call.Output.Json(new { ok = isAllowed, preview = true, rows = steps.Select(QueueText.Json) });
            QueueText.Preview(call.Output, steps);
            return isAllowed ? ExitCode.Done : ExitCode.RowsLeft;
        }
        // One row, named, that cannot be given up is a mistake; among many it is one that stays.
        return filter.Key is not null && steps is [var only] ? await OneAsync(call, discard, only) : await ManyAsync(call, discard, steps);
    }

    private static async Task<int> OneAsync(Invocation call, QueueDiscard discard, DiscardStep step)
    {
        await discard.ExecuteAsync(step, Actor.Of(call), call.Get(Actor.Reason), call.Cancelled);
        call.Output.Json(new { ok = true, discarded = 1, rows = new[] { QueueText.Json(step) } });
        call.Output.Line(QueueText.Done(step));
        return ExitCode.Done;
    }

    private static async Task<int> ManyAsync(Invocation call, QueueDiscard discard, IReadOnlyList<DiscardStep> steps)
    {
        var done = new List<DiscardStep>();
        var refused = new List<DiscardStep>();
        foreach (var step in steps)
        {
            call.Cancelled.ThrowIfCancellationRequested();
            try
            {
                await discard.ExecuteAsync(step, Actor.Of(call), call.Get(Actor.Reason), call.Cancelled);
                done.Add(step);
            }
            catch (SyncException e) when (!e.IsTransient)
            {
                refused.Add(step with { Effect = DiscardEffect.Refused, Reason = e.Message, Hint = e.Hint });
            }
        }
        call.Output.Json(new { ok = refused.Count == 0, discarded = done.Count, rows = done.Concat(refused).Select(QueueText.Json) });
        call.Output.Line($"{Figures.Count(done.Count, "change")} given up, {Figures.Count(refused.Count)} refused.");
        foreach (var step in refused)
            call.Output.Line($"  {step.Reason}");
        return refused.Count == 0 ? ExitCode.Done : ExitCode.RowsLeft;
    }
}
