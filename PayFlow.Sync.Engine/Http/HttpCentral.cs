using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Http.Messages;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Http;

/// <summary>
/// Central as a terminal elsewhere sees it: by way of a host, over HTTP (docs/protocol.md). The host speaks to PostgreSQL; here is nothing but the line, and what has to be remembered so that an idle run sends little.
/// </summary>
/// <param name="line">The line to the host; disposed with this object.</param>
public sealed class HttpCentral(HostLine line) : ICentral
{
    /// <summary>A till with hundreds of tables has a token that no server takes in an address.</summary>
    private const int LongestToken = 2_000;

    private readonly LinePace _up = new(first: 1_000, most: 100_000);
    private readonly LinePace _down = new(first: 2_000, most: 10_000);

    private static WireContext Wire => WireContext.Wire;

    private Guid _run;
    private DatabaseSchema? _schema;
    private string? _schemaVersion;
    private bool _isSchemaKnown;
    private SyncPlan? _plan;
    private string? _planId;

    /// <summary>How often the terminal syncs by itself; the host notices by it when the terminal has fallen silent.</summary>
    public TimeSpan? Interval { get; init; }

    public async Task<Welcome> OpenAsync(Hello hello, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hello);
        Remember(hello.Schema);
        _run = hello.RunId;
        var request = new OpenRequest
        {
            Terminal = hello.Terminal,
            RunId = hello.RunId,
            SyncType = hello.SyncType,
            Direction = hello.Direction,
            SchemaVersion = _schemaVersion!,
            Schema = _isSchemaKnown ? null : hello.Schema,
            Fingerprint = hello.Fingerprint,
            KnownPlan = _planId,
            IntervalSeconds = Interval is { } interval ? Math.Max(1, (int)Math.Ceiling(interval.TotalSeconds)) : null,
        };
        var answer = await OpenAsync(request, cancellationToken);
        if (answer.SchemaNeeded)
            answer = await OpenAsync(request with { Schema = hello.Schema }, cancellationToken);
        _isSchemaKnown = true;
        if (answer.Plan is not null)
            (_plan, _planId) = (answer.Plan, answer.PlanId);
        if (_plan is null || _planId != answer.PlanId)
            throw new SyncException(SyncErrorCode.Protocol, "The host names a plan that it did not send", "It is asked again by itself. If it stays, update this program.") { IsTransient = true };
        return new Welcome
        {
            CentralId = answer.CentralId,
            Number = answer.Number,
            Plan = _plan,
            Counter = answer.Counter,
            Nonce = answer.Nonce,
            Lineage = answer.Lineage,
            Fingerprint = answer.Fingerprint,
            LastSeenAt = answer.LastSeenAt,
            Attributes = answer.Attributes,
            Position = answer.Position,
        };
    }

    public Task AdvanceAsync(long from, long to, Guid nonce, CancellationToken cancellationToken) =>
        line.PostAsync(SyncPaths.Advance, _run, new AdvanceRequest(from, to, nonce), Wire.AdvanceRequest, cancellationToken);

    public int RowsPerBatch => _up.Rows;

    public Task<UploadResult> UploadAsync(ChangeBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return PacedAsync(_up, () => line.PostAsync(SyncPaths.Upload, _run, batch, Wire.ChangeBatch, Wire.UploadResult, cancellationToken), _ => batch.RowCount);
    }

    public async Task<UploadResult?> FindResultAsync(Guid batchId, CancellationToken cancellationToken) =>
        (await line.GetAsync($"{SyncPaths.Result}?batch={batchId}", _run, Wire.ResultAnswer, cancellationToken)).Result;

    public async Task<IReadOnlyList<Decision>> DecisionsAsync(IReadOnlyList<ConflictingRow> rows, CancellationToken cancellationToken) =>
        await line.PostAsync(SyncPaths.Decisions, _run, [.. rows], Wire.ConflictingRowArray, Wire.DecisionArray, cancellationToken);

    public Task DeliveredAsync(IReadOnlyList<long> conflicts, CancellationToken cancellationToken) =>
        line.PostAsync(SyncPaths.Delivered, _run, new DeliveredRequest(conflicts), Wire.DeliveredRequest, cancellationToken);

    public async Task<LogPosition> PositionAsync(CancellationToken cancellationToken) =>
        (await line.GetAsync(SyncPaths.Position, _run, Wire.PositionAnswer, cancellationToken)).Position;

    public async Task<ChangePage> DownloadAsync(DownloadRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new DownloadQuery(SyncToken.Write(request.Tables), Math.Min(request.Limit, _down.Rows), request.IncludeOwn);
        return (await PacedAsync(_down, () => DownloadAsync(query, cancellationToken), a => a.Page.Entries)).Page;
    }

    public async Task<long> CountAsync(TablePlan table, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        return (await line.PostAsync(SyncPaths.Count, _run, new CountRequest(table.Name), Wire.CountRequest, Wire.CountAnswer, cancellationToken)).Rows;
    }

    // Piece by piece, so that neither the host nor its PostgreSQL waits for a slow line: the next one is asked for by the last key of the one before.
    public async IAsyncEnumerable<DownloadedRow> ReadTableAsync(TablePlan table, string? afterKey, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        var sum = ChangeChecksum.Begin();
        for (var isLast = false; !isLast;)
        {
            var request = new RowsRequest(table.Name, afterKey, _down.Rows);
            var piece = await PacedAsync(_down, () => line.PostAsync(SyncPaths.Rows, _run, request, Wire.RowsRequest, Wire.RowsAnswer, cancellationToken), a => a.Rows.Count);
            piece.RequireIntact();
            foreach (var (i, row) in piece.Rows.Index())
            {
                // The session checks one stream from its start; that each piece is as it left the host is known by now.
                sum.Add(row.Key);
                sum.Add(row.Values);
                yield return row with { Checksum = sum.Value, EndsPiece = !piece.IsLast && i == piece.Rows.Count - 1 };
                afterKey = row.Key;
            }
            isLast = piece.IsLast || piece.Rows.Count == 0;
        }
    }

    public async Task<IReadOnlyList<DownloadedRow>> FetchAsync(TablePlan table, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        var rows = new List<DownloadedRow>(keys.Count);
        for (var isLast = keys.Count == 0; !isLast;)
        {
            var answer = await line.PostAsync(SyncPaths.Fetch, _run, new FetchRequest(table.Name, [.. keys.Skip(rows.Count)]), Wire.FetchRequest, Wire.RowsAnswer, cancellationToken);
            answer.RequireIntact();
            rows.AddRange(answer.Rows);
            isLast = answer.IsLast || answer.Rows.Count == 0;
        }
        return rows.Count == keys.Count ? rows : throw PageChecksum.Damaged("An answer with rows by their keys");
    }

    public Task<StampedPage> DownloadStampedAsync(TablePlan table, StampPosition after, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        return line.PostAsync(SyncPaths.Stamped, _run, new StampedRequest(table.Name, after, limit), Wire.StampedRequest, Wire.StampedPage, cancellationToken);
    }

    public Task AuditAsync(ManualAction action, CancellationToken cancellationToken) => line.PostAsync(SyncPaths.Audit, _run, action, Wire.ManualAction, cancellationToken);

    public Task CloseAsync(RunReport report, CancellationToken cancellationToken) => line.PostAsync(SyncPaths.Close, _run, report, Wire.RunReport, cancellationToken);

    public ValueTask DisposeAsync()
    {
        line.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<DownloadAnswer> DownloadAsync(DownloadQuery query, CancellationToken cancellationToken) => query.Token.Length > LongestToken
        ? line.PostAsync(SyncPaths.Download, _run, query, Wire.DownloadQuery, Wire.DownloadAnswer, cancellationToken)
        : line.GetAsync(string.Create(CultureInfo.InvariantCulture, $"{SyncPaths.Download}?token={query.Token}&limit={query.Limit}{(query.Own is true ? "&own=true" : string.Empty)}"), _run, Wire.DownloadAnswer, cancellationToken);

    private static async Task<TAnswer> PacedAsync<TAnswer>(LinePace pace, Func<Task<TAnswer>> ask, Func<TAnswer, int> rows)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var answer = await ask();
            pace.Measure(rows(answer), Stopwatch.GetElapsedTime(started));
            return answer;
        }
        catch (SyncException e) when (e.IsTransient)
        {
            pace.Fail();
            throw;
        }
    }

    private Task<OpenAnswer> OpenAsync(OpenRequest request, CancellationToken cancellationToken) =>
        line.PostAsync(SyncPaths.Open, null, request, Wire.OpenRequest, Wire.OpenAnswer, cancellationToken);

    // A version by content: the file's own counts changes, and begins anew with another file.
    private void Remember(DatabaseSchema schema)
    {
        if (ReferenceEquals(_schema, schema))
            return;
        var version = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes([.. schema.Tables], Wire.TableSchemaArray)).AsSpan(0, 16));
        _isSchemaKnown &= version == _schemaVersion;
        (_schema, _schemaVersion) = (schema, version);
    }
}
