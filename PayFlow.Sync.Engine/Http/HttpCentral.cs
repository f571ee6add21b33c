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

    /// <summary>What a host takes that does not say it.</summary>
    private const long UsualUpload = 96 << 20;

    /// <summary>The part of a batch that is not its rows: names of tables and columns.</summary>
    private const long Frame = 64 << 10;

    private readonly LinePace _up = new(first: 1_000, most: 100_000);
    private readonly LinePace _down = new(first: 2_000, most: 8_000);

    private static WireContext Wire => WireContext.Wire;

    private Guid _run;
    private DatabaseSchema? _schema;
    private string? _schemaVersion;
    private bool _isSchemaKnown;
    private SyncPlan? _plan;
    private string? _planId;
    private long _most = UsualUpload - Frame;
    private long? _refused;
    private long? _fits;

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
        _most = Math.Max(Frame, (answer.MaxUpload ?? UsualUpload) - Frame);
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

    public long LongestBatch => Math.Min(_most, _fits ?? _most);

    public long LongestRow => Math.Min(_most, _refused - 1 ?? _most);

    public long LengthOf(RowChange row)
    {
        ArgumentNullException.ThrowIfNull(row);
        // What cannot fit is not written out to be measured to the byte: the writer has limits of its own.
        var atLeast = Math.Max(RowForm.AtLeast(row.Values), RowForm.AtLeast(row.Base));
        return atLeast > LongestRow ? atLeast : JsonSerializer.SerializeToUtf8Bytes(row, Wire.RowChange).LongLength;
    }

    public async Task<UploadResult> UploadAsync(ChangeBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        try
        {
            return await PacedAsync(_up, () => line.PostAsync(SyncPaths.Upload, _run, batch, Wire.ChangeBatch, Wire.UploadResult, cancellationToken), _ => batch.RowCount);
        }
        catch (SyncException e) when (e.Code == SyncErrorCode.TooLarge && Learn(batch))
        {
            throw new SyncException(SyncErrorCode.TooLarge, e.Message, "It is sent again in smaller batches by itself.", e) { IsTransient = true };
        }
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

    // Piece by piece, so that neither the host nor its PostgreSQL waits for a slow line: each is asked for by the last key of the one before. On a wide line it is on its way while that one is taken in;
    // on a thin one it is not asked for until then, because something more pressing may have to go first.
    public async IAsyncEnumerable<DownloadedRow> ReadTableAsync(TablePlan table, string? afterKey, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        using var ahead = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sum = ChangeChecksum.Begin();
        Task<RowsAnswer>? coming = null;
        try
        {
            for (var isLast = false; !isLast;)
            {
                var piece = await (coming ?? ReadPieceAsync(table, afterKey, ahead.Token));
                coming = null;
                isLast = piece.IsLast || piece.Rows.Count == 0;
                afterKey = isLast ? afterKey : piece.Rows[^1].Key;
                if (!isLast && _down.IsWide)
                    coming = ReadPieceAsync(table, afterKey, ahead.Token);
                foreach (var (i, row) in piece.Rows.Index())
                {
                    // The session checks one stream from its start; that each piece is as it left the host is known by now.
                    sum.Add(row.Key);
                    sum.Add(row.Values);
                    yield return row with { Checksum = sum.Value, EndsPiece = !isLast && i == piece.Rows.Count - 1 };
                }
            }
        }
        finally
        {
            // Whoever reads no further waits for no answer either, whatever it would have been; but no request of the run is to be beside the next one.
            await ahead.CancelAsync();
            await Task.WhenAny(coming ?? Task.CompletedTask);
        }
    }

    private async Task<RowsAnswer> ReadPieceAsync(TablePlan table, string? afterKey, CancellationToken cancellationToken)
    {
        var request = new RowsRequest(table.Name, afterKey, _down.Rows);
        var piece = await PacedAsync(_down, () => line.PostAsync(SyncPaths.Rows, _run, request, Wire.RowsRequest, Wire.RowsAnswer, cancellationToken), a => a.Rows.Count);
        piece.RequireIntact();
        return piece;
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

    public async Task CloseAsync(RunReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        await line.PostAsync(SyncPaths.Close, _run, report, Wire.RunReport, cancellationToken);
        // What was in the way may have been put right: the next run tries again.
        if (report.Error is null)
            (_refused, _fits) = (null, null);
    }

    public ValueTask DisposeAsync()
    {
        line.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<DownloadAnswer> DownloadAsync(DownloadQuery query, CancellationToken cancellationToken) => query.Token.Length > LongestToken
        ? line.PostAsync(SyncPaths.Download, _run, query, Wire.DownloadQuery, Wire.DownloadAnswer, cancellationToken)
        : line.GetAsync(string.Create(CultureInfo.InvariantCulture, $"{SyncPaths.Download}?token={query.Token}&limit={query.Limit}{(query.Own is true ? "&own=true" : string.Empty)}"), _run, Wire.DownloadAnswer, cancellationToken);

    private async Task<TAnswer> PacedAsync<TAnswer>(LinePace pace, Func<Task<TAnswer>> ask, Func<TAnswer, int> rows)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var answer = await ask();
            pace.Measure(rows(answer), Stopwatch.GetElapsedTime(started));
            line.Packs = !pace.IsFast;
            return answer;
        }
        catch (SyncException e) when (e.IsTransient)
        {
            pace.Fail();
            line.Packs = true;
            throw;
        }
    }

    // Something before the host takes less than the host does, or the host was given another limit since the run began. What refuses so little refuses everything, and no row is to blame.
    private bool Learn(ChangeBatch batch)
    {
        var length = batch.Sections.Sum(s => s.Rows.Sum(LengthOf));
        if (length < Frame)
            return false;
        // Half of it may go together. A row that is longer than that is tried alone before it is given up: only what was refused is known to be too long.
        _refused = Math.Min(_refused ?? length, length);
        _fits = Math.Min(_fits ?? length, length / 2);
        return true;
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
