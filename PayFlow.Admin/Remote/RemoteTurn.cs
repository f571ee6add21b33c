using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Http.Messages;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Remote;

/// <summary>One request of a remote run at work: it has the terminal's lock and a connection, and gives both back at its end. Its body has been read before, and its answer is sent after.</summary>
internal sealed class RemoteTurn(RemoteSeat seat, Guid run, TimeProvider time) : IAsyncDisposable
{
    public Guid Run => run;

    public PostgresCentral Central => seat.Central;

    /// <inheritdoc cref="RemoteSeat.OpenAsync"/>
    public Task<OpenAnswer> OpenAsync(OpenRequest request, CancellationToken cancellationToken) => seat.OpenAsync(request, cancellationToken);

    /// <summary>Keeps how often the terminal syncs by itself, where that has changed.</summary>
    public async Task NoteIntervalAsync(DeviceDesk desk, Device device, int? seconds, CancellationToken cancellationToken)
    {
        if (seconds is null or < 1 || seat.IntervalSeconds == seconds)
            return;
        await desk.NoteIntervalAsync(device, Math.Min(seconds.Value, (int)DeviceDesk.LongestInterval.TotalSeconds), cancellationToken);
        seat.IntervalSeconds = seconds;
    }

    /// <exception cref="SyncException">The terminal has no such table.</exception>
    public TablePlan Table(string name) => Central.FindTable(name)
        ?? throw new SyncException(SyncErrorCode.InvalidConfiguration, $"There is no synced table {name}", "Ask for a table of the plan that POST /api/sync/open gave.") { Table = name };

    /// <summary>A table that travels down to the terminal: only such a one may be read.</summary>
    /// <exception cref="SyncException">It is none.</exception>
    public TablePlan TableToRead(string name) => Table(name) is { Pushes: true } table
        ? table
        : throw new SyncException(SyncErrorCode.NotPermitted, $"Table {name} does not travel down to terminals", "The table map says which tables do.") { Table = name };

    /// <summary>The run is over.</summary>
    public void End() => seat.Run = null;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await seat.Central.SuspendAsync();
        }
        finally
        {
            seat.UsedAt = time.GetUtcNow();
            seat.Leave();
        }
    }
}
