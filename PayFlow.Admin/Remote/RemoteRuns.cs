using System.Collections.Concurrent;
using Npgsql;
using PayFlow.Admin.Jobs.Settings;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Central.Runs;
using PayFlow.Sync.Engine.Http.Messages;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Remote;

/// <summary>
/// The runs of remote terminals on this host. Which run is a terminal's is written in central (<c>payflow.terminals.last_run_id</c>) and asked under the terminal's lock at every request: here is only what a run needs
/// in order not to read both schemas each time. A host that lost it, or never had it, says so, and the terminal begins a new run by itself.
/// </summary>
internal sealed class RemoteRuns(NpgsqlDataSource source, DeviceDesk desk, StoredSettings settings, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How long a request waits for an earlier one of the same terminal.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, RemoteSeat> _seats = new(StringComparer.Ordinal);

    /// <summary>Broken on purpose, for the test that proves that the fault matrix notices: a request of a run that is over works on. Set by nothing but the fault runner's own host.</summary>
    public bool IsUnfenced { get; set; }

    /// <summary>How long a silent terminal is remembered.</summary>
    public static TimeSpan IdleLimit { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Begins a run; one that was open before is over.</summary>
    /// <exception cref="SyncException">A request of the terminal is at work, here or elsewhere; or the terminal does not fit.</exception>
    public async Task<OpenAnswer> OpenAsync(Device device, OpenRequest request, CancellationToken cancellationToken)
    {
        await using var turn = new RemoteTurn(await EnterAsync(device.Terminal, cancellationToken), request.RunId, time);
        // Before the run has its connection: nobody waits for a second one while holding the first.
        await turn.NoteIntervalAsync(desk, device, request.IntervalSeconds, cancellationToken);
        return await turn.OpenAsync(request, cancellationToken);
    }

    /// <summary>Lets a request of an open run work.</summary>
    /// <exception cref="SyncException">The run is over, or not known here; transient, because another one can be opened.</exception>
    public async Task<RemoteTurn> TakeTurnAsync(Device device, Guid run, CancellationToken cancellationToken)
    {
        var seat = await EnterAsync(device.Terminal, cancellationToken);
        var turn = new RemoteTurn(seat, run, time);
        try
        {
            if (seat.Run != run && !IsUnfenced)
                throw Over(device.Terminal, $"Run {run} is not open on this host: it has ended, or the host was started since");
            await seat.Central.ResumeAsync(cancellationToken);
            return turn;
        }
        catch
        {
            await turn.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a terminal syncs, where a run of it was here lately.</summary>
    public SyncPlan? FindPlan(string terminal) => _seats.GetValueOrDefault(terminal)?.Plan;

    /// <summary>Forgets terminals that have been silent for long, and ends what they left open in the log.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var (terminal, seat) in _seats)
        {
            if (time.GetUtcNow() - seat.UsedAt < IdleLimit || !await seat.EnterAsync(TimeSpan.Zero, cancellationToken))
                continue;
            try
            {
                if (seat.Run is { } run)
                    await SilentRun.CloseAsync(source, run, cancellationToken);
                seat.IsGone = true;
                _seats.TryRemove(KeyValuePair.Create(terminal, seat));
            }
            finally
            {
                seat.Leave();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var seat in _seats.Values)
            await seat.DisposeAsync();
        _seats.Clear();
    }

    private async Task<RemoteSeat> EnterAsync(string terminal, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!_seats.TryGetValue(terminal, out var seat))
            {
                var central = new PostgresCentral(source, (await settings.OptionsAsync(cancellationToken)).Journal) { IsRemote = true };
                seat = _seats.GetOrAdd(terminal, new RemoteSeat(terminal, central) { UsedAt = time.GetUtcNow() });
            }
            if (!await seat.EnterAsync(Patience, cancellationToken))
                throw Over(terminal, $"An earlier request of terminal {terminal} is still at work");
            if (!seat.IsGone)
                return seat;
            seat.Leave();
        }
    }

    private static SyncException Over(string terminal, string why) => new(SyncErrorCode.Busy, why, "It begins anew by itself; nothing is lost.") { Terminal = terminal, IsTransient = true };
}
