using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>
/// Central as a terminal needs it, and nothing more. One instance serves one terminal, one run at a time, and may be used for many runs.
/// Every call but <see cref="OpenAsync"/> needs an open run. Errors are <see cref="SyncException"/>; a transient one may be tried again after <see cref="OpenAsync"/>.
/// </summary>
public interface ICentral : IAsyncDisposable
{
    /// <summary>Takes the terminal's lock, looks at its identity and begins a run. Nobody else syncs this terminal until <see cref="CloseAsync"/>, or until the connection ends.</summary>
    Task<Welcome> OpenAsync(Hello hello, CancellationToken cancellationToken);

    /// <summary>Advances the counter from <paramref name="from"/> to <paramref name="to"/> under <paramref name="nonce"/>. Idempotent for the same nonce.</summary>
    Task AdvanceAsync(long from, long to, Guid nonce, CancellationToken cancellationToken);

    /// <summary>Applies a batch in one transaction. Idempotent by batch id: a batch that was applied answers its stored result.</summary>
    Task<UploadResult> UploadAsync(ChangeBatch batch, CancellationToken cancellationToken);

    /// <summary>How many rows a batch should have at most at the moment; fewer where the line is thin.</summary>
    int RowsPerBatch => int.MaxValue;

    /// <summary>How long all rows of a batch may be together, as <see cref="LengthOf"/> counts.</summary>
    long LongestBatch => long.MaxValue;

    /// <summary>How long a row may be that goes alone. Longer than <see cref="LongestBatch"/> where it is not known what lets through how much.</summary>
    long LongestRow => LongestBatch;

    /// <summary>How long a row is on its way to central; 0 where nothing there has a limit.</summary>
    long LengthOf(RowChange row) => 0;

    /// <summary>The stored result of a batch; null when central never applied it.</summary>
    Task<UploadResult?> FindResultAsync(Guid batchId, CancellationToken cancellationToken);

    /// <summary>What became of conflicts that the terminal waits for; one answer for each row, in their order.</summary>
    Task<IReadOnlyList<Decision>> DecisionsAsync(IReadOnlyList<ConflictingRow> rows, CancellationToken cancellationToken);

    /// <summary>The terminal has taken these decisions over. Idempotent.</summary>
    Task DeliveredAsync(IReadOnlyList<long> conflicts, CancellationToken cancellationToken);

    /// <summary>The place behind which the change log has everything that a copy of the tables begun from now on may lack.</summary>
    Task<LogPosition> PositionAsync(CancellationToken cancellationToken);

    /// <summary>The next changes behind the given places, from one reading of the log for all tables, with the rows as they are now. Reading again gives the same or newer rows.</summary>
    Task<ChangePage> DownloadAsync(DownloadRequest request, CancellationToken cancellationToken);

    /// <summary>How many rows <see cref="ReadTableAsync"/> would give from the start; asked for only when somebody watches.</summary>
    Task<long> CountAsync(TablePlan table, CancellationToken cancellationToken);

    /// <summary>Streams a table's rows in key order, behind <paramref name="afterKey"/>.</summary>
    IAsyncEnumerable<DownloadedRow> ReadTableAsync(TablePlan table, string? afterKey, CancellationToken cancellationToken);

    /// <summary>The rows of these keys as they are now; without values where central has none, because it is gone, hidden by the terminal's filter, or no key of central's type.</summary>
    Task<IReadOnlyList<DownloadedRow>> FetchAsync(TablePlan table, IReadOnlyList<string> keys, CancellationToken cancellationToken);

    /// <summary>Rows changed since a time, for tables captured by timestamp, in order of timestamp and key; never past the start of a transaction that still runs.</summary>
    Task<StampedPage> DownloadStampedAsync(TablePlan table, StampPosition after, int limit, CancellationToken cancellationToken);

    /// <summary>Writes down what somebody did to the terminal by hand, before it is done.</summary>
    Task AuditAsync(ManualAction action, CancellationToken cancellationToken);

    /// <summary>Ends the run: its log, the terminal's state, the checkpoints; frees the lock.</summary>
    Task CloseAsync(RunReport report, CancellationToken cancellationToken);
}
