using System.Globalization;
using System.Security.Claims;
using Npgsql;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Audit;
using PayFlow.Admin.Views.Conflicts;
using PayFlow.Admin.Views.Queue;
using PayFlow.Admin.Views.Runs;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Api.Export;

/// <summary>Lists as files: what the page's filter finds, all of it, streamed, in UTC, and noted in the audit. The query is the page's own.</summary>
internal static class ExportEndpoints
{
    private const int Chunk = 1_000;

    public static void MapExports(this WebApplication host)
    {
        var exports = host.MapGroup("/export").RequireAuthorization(Policies.View).ExcludeFromDescription();
        exports.MapGet("/runs", (HttpContext context, RunReader reader) => SendAsync(context, "runs", csv => RunsAsync(csv, reader, context)));
        exports.MapGet("/audit", (HttpContext context, AuditReader reader) => SendAsync(context, "audit", csv => AuditAsync(csv, reader, context)));
        exports.MapGet("/conflicts", (HttpContext context, NpgsqlDataSource central) => SendAsync(context, "conflicts", csv => ConflictsAsync(csv, new ConflictDesk(central), context)));
        exports.MapGet("/queue", (HttpContext context, QueueReader reader) => SendAsync(context, "queue", csv => QueueAsync(csv, reader, context)));
    }

    private static async Task SendAsync(HttpContext context, string list, Func<CsvFile, Task> write)
    {
        await AuditAsync(context, list);
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"payflow-{list}-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}.csv\"";
        context.Response.Headers.CacheControl = "no-store";
        var csv = new CsvFile(context.Response.Body);
        try
        {
            await write(csv);
        }
        catch (SyncException e) when (!context.Response.HasStarted)
        {
            // Nothing of the file has gone yet, so it can be said.
            context.Response.Headers.Remove("Content-Disposition");
            await Results.Text($"{e.Message}. {e.Hint}\n", statusCode: StatusCodes.Status409Conflict).ExecuteAsync(context);
            return;
        }
        await csv.DisposeAsync();
    }

    // Who took which data out of the house belongs to the audit before the first row goes.
    private static async Task AuditAsync(HttpContext context, string list)
    {
        await using var connection = await context.RequestServices.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(context.RequestAborted);
        var filter = context.Request.Query.Where(q => q.Key != "page").ToDictionary(q => q.Key, q => q.Value.ToString());
        await AuditLog.WriteAsync(connection, new AuditRow { Actor = ConsoleUser.Of(context.User).Name, Action = $"export.{list}", Detail = AuditLog.Detail(new { filter }) }, context.RequestAborted);
    }

    private static async Task RunsAsync(CsvFile csv, RunReader reader, HttpContext context)
    {
        var filter = new RunFilter
        {
            Terminal = Text(context, "terminal"),
            Status = Text(context, "status"),
            Trigger = Text(context, "trigger"),
            Table = Text(context, "table"),
            Since = QueryText.Instant(Text(context, "since")),
            Until = QueryText.Instant(Text(context, "until")),
            IncludesIdle = QueryText.IsYes(Text(context, "idle")),
        };
        await csv.WriteAsync("id", "status", "started", "completed", "terminal", "trigger", "direction", "rows", "conflicts", "failed", "error", "hint", "host");
        await foreach (var run in reader.StreamAsync(filter, context.RequestAborted))
            await csv.WriteAsync(run.Id, run.Status, run.StartedAt, run.CompletedAt, run.Terminal, run.Trigger, run.Direction, run.Rows, run.Conflicts, run.Failed, run.Error, run.Hint, run.Host);
    }

    private static async Task AuditAsync(CsvFile csv, AuditReader reader, HttpContext context)
    {
        var filter = new AuditFilter
        {
            Actor = Text(context, "actor"),
            Action = Text(context, "action"),
            Terminal = Text(context, "terminal"),
            Table = Text(context, "table"),
            Key = Text(context, "key"),
            Run = Guid.TryParse(Text(context, "run"), out var run) ? run : null,
            Since = QueryText.Instant(Text(context, "since")),
            Until = QueryText.Instant(Text(context, "until")),
        };
        await csv.WriteAsync("id", "at", "actor", "action", "terminal", "table", "key", "run", "detail");
        await foreach (var entry in reader.StreamAsync(filter, context.RequestAborted))
            await csv.WriteAsync(entry.Id, entry.At, entry.Actor, entry.Action, entry.Terminal, entry.Table, entry.Key, entry.Run, entry.Detail);
    }

    private static async Task ConflictsAsync(CsvFile csv, ConflictDesk desk, HttpContext context)
    {
        var query = new ConflictQuery { Terminal = Text(context, "terminal"), Table = Text(context, "table"), Kind = Text(context, "kind"), State = Text(context, "state"), Key = Text(context, "key"), Since = QueryText.Instant(Text(context, "since")) };
        await csv.WriteAsync("id", "state", "terminal", "table", "key", "terminal key", "kind", "fields", "policy", "detected", "resolution", "resolved", "resolved by", "reason");
        for (long? after = 0; after is not null;)
        {
            var page = await desk.ListAsync(query.Filter, after, Chunk, context.RequestAborted);
            foreach (var c in page.Conflicts)
                await csv.WriteAsync(c.Id, c.State, c.Terminal, c.Table, c.Key, c.LocalKey, c.Kind, string.Join(' ', c.Fields), c.Policy, c.DetectedAt, c.Resolution, c.ResolvedAt, c.ResolvedBy, c.Reason);
            after = page.After;
        }
    }

    private static async Task QueueAsync(CsvFile csv, QueueReader reader, HttpContext context)
    {
        var query = new QueueQuery { Terminal = Text(context, "terminal"), Status = Text(context, "status"), Table = Text(context, "table"), Key = Text(context, "key") };
        await csv.WriteAsync("terminal", "table", "key", "action", "status", "attempts", "since", "next attempt", "error");
        await foreach (var (terminal, row) in reader.StreamAsync(query, context.RequestAborted))
            await csv.WriteAsync(terminal, row.Table, row.Key, row.Action, row.IsDeadLetter ? "DEAD" : row.Status, row.Attempts, row.Since, row.NextAttemptAt, row.Error);
    }

    private static string? Text(HttpContext context, string name) => QueryText.Term(context.Request.Query[name].ToString());
}
