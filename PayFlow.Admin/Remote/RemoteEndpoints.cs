using System.Text.Json;
using PayFlow.Admin.Security;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Http.Messages;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Remote;

/// <summary>
/// What a remote terminal asks for (docs/protocol.md). Each request is the same three steps: the body is read to its end, the work is done under the terminal's lock, and the answer is sent when lock and connection are free again.
/// </summary>
internal static class RemoteEndpoints
{
    private const int MostEntries = 50_000;

    private const int MostRows = 50_000;

    private const int MostKeys = 10_000;

    private static WireContext Wire => WireContext.Wire;

    public static async Task<IResult> RegisterAsync(HttpContext context, DeviceRegistration registration)
    {
        var request = await WireBody.ReadAsync(context, Wire.RegisterRequest);
        return Answer(await registration.RegisterAsync(request, context.RequestAborted), Wire.RegisterAnswer);
    }

    public static async Task<IResult> KeyAsync(HttpContext context, DeviceDesk desk)
    {
        var request = await WireBody.ReadAsync(context, Wire.KeyRequest);
        await desk.NameNextKeyAsync(Device.Of(context.User), request.Key, context.RequestAborted);
        return Results.NoContent();
    }

    public static async Task<IResult> OpenAsync(HttpContext context, RemoteRuns runs, SecuritySettings limits)
    {
        var request = await WireBody.ReadAsync(context, Wire.OpenRequest);
        var device = Device.Of(context.User);
        device.RequireOwn(request.Terminal);
        return Answer(await runs.OpenAsync(device, request, context.RequestAborted) with { MaxUpload = limits.UploadLimit }, Wire.OpenAnswer);
    }

    public static async Task<IResult> AdvanceAsync(HttpContext context, RemoteRuns runs)
    {
        var request = await WireBody.ReadAsync(context, Wire.AdvanceRequest);
        await using var turn = await TakeTurnAsync(context, runs);
        await turn.Central.AdvanceAsync(request.From, request.To, request.Nonce, context.RequestAborted);
        return Results.NoContent();
    }

    // Brought to its end also when the line breaks: the till asks for the result when it is back.
    public static async Task<IResult> UploadAsync(HttpContext context, RemoteRuns runs)
    {
        var batch = await WireBody.ReadAsync(context, Wire.ChangeBatch, needsDigest: true);
        UploadResult result;
        await using (var turn = await TakeTurnAsync(context, runs))
        {
            BatchCheck.Require(batch, turn);
            result = await turn.Central.UploadAsync(batch, CancellationToken.None);
        }
        return Answer(result, Wire.UploadResult);
    }

    public static async Task<IResult> ResultAsync(HttpContext context, RemoteRuns runs, Guid batch)
    {
        await using var turn = await TakeTurnAsync(context, runs);
        return Answer(new ResultAnswer(await turn.Central.FindResultAsync(batch, context.RequestAborted)), Wire.ResultAnswer);
    }

    public static async Task<IResult> DecisionsAsync(HttpContext context, RemoteRuns runs)
    {
        var rows = await WireBody.ReadAsync(context, Wire.ConflictingRowArray);
        RequireFew(rows.Length, MostKeys, "rows");
        await using var turn = await TakeTurnAsync(context, runs);
        foreach (var table in rows.Select(r => r.Table).Distinct(StringComparer.Ordinal))
            turn.Table(table);
        return Answer([.. await turn.Central.DecisionsAsync(rows, context.RequestAborted)], Wire.DecisionArray);
    }

    public static async Task<IResult> DeliveredAsync(HttpContext context, RemoteRuns runs)
    {
        var request = await WireBody.ReadAsync(context, Wire.DeliveredRequest);
        await using var turn = await TakeTurnAsync(context, runs);
        await turn.Central.DeliveredAsync(request.Conflicts, context.RequestAborted);
        return Results.NoContent();
    }

    public static async Task<IResult> PositionAsync(HttpContext context, RemoteRuns runs)
    {
        await using var turn = await TakeTurnAsync(context, runs);
        return Answer(new PositionAnswer(await turn.Central.PositionAsync(context.RequestAborted)), Wire.PositionAnswer);
    }

    public static Task<IResult> DownloadAsync(HttpContext context, RemoteRuns runs, string? token, int? limit, bool? own) => PageAsync(context, runs, new DownloadQuery(token!, limit, own));

    public static async Task<IResult> DownloadByBodyAsync(HttpContext context, RemoteRuns runs) => await PageAsync(context, runs, await WireBody.ReadAsync(context, Wire.DownloadQuery));

    private static async Task<IResult> PageAsync(HttpContext context, RemoteRuns runs, DownloadQuery query)
    {
        var places = SyncToken.Read(query.Token);
        await using var turn = await TakeTurnAsync(context, runs);
        var tables = places.ToDictionary(p => turn.TableToRead(p.Key).Name, p => p.Value, StringComparer.OrdinalIgnoreCase);
        var page = await turn.Central.DownloadAsync(new DownloadRequest(tables, Math.Clamp(query.Limit ?? MostEntries, 1, MostEntries), query.Own ?? false), context.RequestAborted);
        return Answer(new DownloadAnswer(page, SyncToken.Write(tables.ToDictionary(t => t.Key, t => t.Value > page.Next ? t.Value : page.Next))), Wire.DownloadAnswer);
    }

    public static async Task<IResult> CountAsync(HttpContext context, RemoteRuns runs)
    {
        var request = await WireBody.ReadAsync(context, Wire.CountRequest);
        await using var turn = await TakeTurnAsync(context, runs);
        return Answer(new CountAnswer(await turn.Central.CountAsync(turn.TableToRead(request.Table), context.RequestAborted)), Wire.CountAnswer);
    }

    public static async Task<IResult> RowsAsync(HttpContext context, RemoteRuns runs)
    {
        var request = await WireBody.ReadAsync(context, Wire.RowsRequest);
        await using var turn = await TakeTurnAsync(context, runs);
        var piece = await turn.Central.ReadPieceAsync(turn.TableToRead(request.Table), request.After, Math.Clamp(request.Limit, 1, MostRows), context.RequestAborted);
        return Answer(RowsAnswer.Sealed(piece.Rows, piece.IsLast), Wire.RowsAnswer);
    }

    // Also of tables that only travel up: a row that the terminal gave up there is asked for by its key. The terminal's filter holds.
    public static async Task<IResult> FetchAsync(HttpContext context, RemoteRuns runs)
    {
        var request = await WireBody.ReadAsync(context, Wire.FetchRequest);
        RequireFew(request.Keys.Count, MostKeys, "keys");
        if (request.Keys.Contains(null!))
            throw new SyncException(SyncErrorCode.Protocol, "One of the keys is null", "Ask for rows by their keys.") { Table = request.Table };
        await using var turn = await TakeTurnAsync(context, runs);
        var rows = await turn.Central.FetchPieceAsync(turn.Table(request.Table), request.Keys, context.RequestAborted);
        return Answer(RowsAnswer.Sealed(rows, isLast: rows.Count == request.Keys.Count), Wire.RowsAnswer);
    }

    public static async Task<IResult> StampedAsync(HttpContext context, RemoteRuns runs)
    {
        var request = await WireBody.ReadAsync(context, Wire.StampedRequest);
        await using var turn = await TakeTurnAsync(context, runs);
        var table = turn.TableToRead(request.Table);
        if (table.Entry.CentralCapture != CaptureMode.Timestamp)
            throw new SyncException(SyncErrorCode.Protocol, $"Table {table.Name} is not captured by timestamp", $"Its changes come with {SyncPaths.Download}.") { Table = table.Name };
        var page = await turn.Central.DownloadStampedAsync(table, request.After, Math.Clamp(request.Limit, 1, MostRows), context.RequestAborted);
        return Answer(page, Wire.StampedPage);
    }

    public static async Task<IResult> AuditAsync(HttpContext context, RemoteRuns runs)
    {
        var action = await WireBody.ReadAsync(context, Wire.ManualAction);
        if (action is not { Actor: not null, Action: not null, Detail: not null })
            throw new SyncException(SyncErrorCode.Protocol, "An action names who did what, and a detail", "Send actor, action and detail: docs/protocol.md describes them.");
        RequireJson(action.Detail);
        // What happens to a till's queue happens there, and is the till's to tell; nothing else that the audit keeps is.
        if (!action.Action.StartsWith("queue.", StringComparison.Ordinal))
            throw new SyncException(SyncErrorCode.NotPermitted, $"A till does not write '{action.Action}' into the audit", "Only what was done to its queue is told here: queue.discard, queue.edit, queue.requeue.");
        var device = Device.Of(context.User);
        await using var turn = await TakeTurnAsync(context, runs);
        // What the till says of who did it is the till's word, and is to be read as such.
        await turn.Central.AuditAsync(action with { Actor = $"{action.Actor} (till {device.Terminal})" }, context.RequestAborted);
        return Results.NoContent();
    }

    public static async Task<IResult> CloseAsync(HttpContext context, RemoteRuns runs)
    {
        var report = await WireBody.ReadAsync(context, Wire.RunReport);
        Device.Of(context.User).RequireOwn(report.Terminal);
        await using var turn = await TakeTurnAsync(context, runs);
        if (report.RunId != turn.Run)
            throw new SyncException(SyncErrorCode.Protocol, $"The report is run {report.RunId}'s, and the request {turn.Run}'s", "Close the run that is open.");
        // The settings that mirror checkpoints are named after tables: a table that there is not is not to name one.
        await turn.Central.CloseAsync(report with { Tables = [.. report.Tables.Where(t => t is not null && turn.Central.FindTable(t.Table) is not null)] }, CancellationToken.None);
        turn.End();
        return Results.NoContent();
    }

    private static Task<RemoteTurn> TakeTurnAsync(HttpContext context, RemoteRuns runs)
    {
        if (!Guid.TryParse(context.Request.Headers[HostLine.RunHeader], out var run))
            throw new SyncException(SyncErrorCode.Protocol, $"The request names no run", $"Send the run's id as {HostLine.RunHeader}; POST {SyncPaths.Open} begins one.");
        return runs.TakeTurnAsync(Device.Of(context.User), run, context.RequestAborted);
    }

    private static void RequireFew(int count, int most, string what)
    {
        if (count > most)
            throw new SyncException(SyncErrorCode.Protocol, $"{count} {what} are asked for at once; at most {most} are given", "Ask for them in several requests.");
    }

    private static void RequireJson(string detail)
    {
        try
        {
            using var _ = JsonDocument.Parse(detail);
        }
        catch (JsonException e)
        {
            throw new SyncException(SyncErrorCode.Protocol, "The detail of an action is no JSON", "docs/protocol.md describes it.", e);
        }
    }

    private static WireResult<T> Answer<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => new(value, type);
}
