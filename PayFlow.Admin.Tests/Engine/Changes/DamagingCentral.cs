using System.Runtime.CompilerServices;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Tests.Engine.Changes;

/// <summary>A way to central on which things break.</summary>
internal sealed class DamagingCentral(ICentral central) : ICentral
{
    /// <summary>The row of a stream that is damaged (0), lost (2), or that changes places with the one before (3); by its place.</summary>
    public int Place { get; init; } = -1;

    public Task<Welcome> OpenAsync(Hello hello, CancellationToken cancellationToken) => central.OpenAsync(hello, cancellationToken);

    public Task AdvanceAsync(long from, long to, Guid nonce, CancellationToken cancellationToken) => central.AdvanceAsync(from, to, nonce, cancellationToken);

    public Task<UploadResult> UploadAsync(ChangeBatch batch, CancellationToken cancellationToken)
    {
        var section = batch.Sections[0];
        return central.UploadAsync(batch with { Sections = [section with { Rows = [section.Rows[0] with { Key = section.Rows[0].Key + "0" }, .. section.Rows.Skip(1)] }] }, cancellationToken);
    }

    public Task AuditAsync(ManualAction action, CancellationToken cancellationToken) => central.AuditAsync(action, cancellationToken);

    public Task<UploadResult?> FindResultAsync(Guid batchId, CancellationToken cancellationToken) => central.FindResultAsync(batchId, cancellationToken);

    public Task<LogPosition> PositionAsync(CancellationToken cancellationToken) => central.PositionAsync(cancellationToken);

    public Task<ChangePage> DownloadAsync(DownloadRequest request, CancellationToken cancellationToken) => central.DownloadAsync(request, cancellationToken);

    public Task<long> CountAsync(TablePlan table, CancellationToken cancellationToken) => central.CountAsync(table, cancellationToken);

    public async IAsyncEnumerable<DownloadedRow> ReadTableAsync(TablePlan table, string? afterKey, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = new List<DownloadedRow>();
        await foreach (var row in central.ReadTableAsync(table, afterKey, cancellationToken))
            rows.Add(row);
        switch (Place)
        {
            case 0:
                rows[0] = rows[0] with { Values = [rows[0].Values![0], CellValue.Of("damaged")] };
                break;
            case 2:
                rows.RemoveAt(2);
                break;
            case 3:
                (rows[2], rows[3]) = (rows[3], rows[2]);
                break;
        }
        foreach (var row in rows)
            yield return row;
    }

    public Task<IReadOnlyList<DownloadedRow>> FetchAsync(TablePlan table, IReadOnlyList<string> keys, CancellationToken cancellationToken) => central.FetchAsync(table, keys, cancellationToken);

    public Task<StampedPage> DownloadStampedAsync(TablePlan table, StampPosition after, int limit, CancellationToken cancellationToken) => central.DownloadStampedAsync(table, after, limit, cancellationToken);

    public Task<IReadOnlyList<Decision>> DecisionsAsync(IReadOnlyList<ConflictingRow> rows, CancellationToken cancellationToken) => central.DecisionsAsync(rows, cancellationToken);

    public Task DeliveredAsync(IReadOnlyList<long> conflicts, CancellationToken cancellationToken) => central.DeliveredAsync(conflicts, cancellationToken);

    public Task CloseAsync(RunReport report, CancellationToken cancellationToken) => central.CloseAsync(report, cancellationToken);

    public ValueTask DisposeAsync() => central.DisposeAsync();
}
