using System.CommandLine;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow queue requeue</c>: works without central, too; then nobody's audit knows of it.</summary>
internal sealed class QueueRequeueVerb : Verb
{
    private static readonly Option<bool> All = new("--all") { Description = "Every row that waits." };

    private readonly QueueOptions _options = new();

    public QueueRequeueVerb(CommandRunner runner)
        : base("requeue", "Make rows due at once, with all of their attempts before them: one (TABLE KEY), or all that a filter names.", runner, runner.Options.Sqlite, All, Actor.Reason, Actor.As)
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
        var (rows, isAudited) = await RequeueAsync(call, path, filter);
        call.Output.Json(new { ok = true, requeued = rows.Count, rows = rows.Select(r => new { r.Table, r.Key, was = r.Status, r.Attempts, r.Error }), audited = isAudited });
        call.Output.Line($"{Figures.Count(rows.Count, "row")} {(rows.Count == 1 ? "is" : "are")} due at the next sync.");
        if (!isAudited)
            call.Output.Note("payflow: central could not be reached, so its audit does not know of it");
        if (rows.Count > 0)
            call.Output.Line($"next: payflow sync --sqlite {ShellWord.Of(path)}");
        return ExitCode.Done;
    }

    private static async Task<(IReadOnlyList<QueuedRow> Rows, bool IsAudited)> RequeueAsync(Invocation call, string path, QueueFilter filter)
    {
        OpenedCentral central;
        try
        {
            central = await call.OpenCentralAsync();
        }
        catch (SyncException e) when (e.Code == SyncErrorCode.CentralUnavailable)
        {
            return (Requeueing.Requeue(path, filter), false);
        }
        await using (central)
        await using (var session = await QueueSession.OpenAsync(path, new PostgresCentral(central.Source), "requeue", cancellationToken: call.Cancelled))
        {
            await session.AuditAsync(Actor.Of(call), "queue.requeue", filter is { Table: { } table, Key: { } key } ? (table, key) : null, new { reason = call.Get(Actor.Reason), filter }, call.Cancelled);
            return (Requeueing.Requeue(path, filter), true);
        }
    }
}
