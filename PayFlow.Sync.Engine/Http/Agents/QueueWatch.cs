using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Capture;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Sync.Engine.Http.Agents;

/// <summary>
/// Notices when the till has booked something: asks SQLite twice a second whether anybody has written the file, and only then what waits in the queue. On a connection of its own, which holds no transaction
/// open and waits for nobody: when the file is locked it looks again a moment later.
/// </summary>
/// <remarks>https://www.sqlite.org/pragma.html#pragma_data_version</remarks>
internal sealed class QueueWatch(string path, AgentBell bell, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    /// <summary>A look at a long queue takes a while: at most this share of the time is spent on it.</summary>
    private const int Rest = 20;

    private const int SmallCache = 500;

    // What was refused, waits for another row or is in dispute has been met by a run; what the POS program changes anew is fresh again.
    private const string Look = $"""
        SELECT priority, sum(status NOT IN ('FAILED', 'CONFLICT')), sum(status = 'CONFLICT'), sum(status = 'FAILED'), sum(fresh), max(CASE WHEN fresh THEN stamp END), max(fresh AND stamp > ?1)
        FROM (
          SELECT coalesce(priority, 3) AS priority, status, coalesce(updated_at, created_at, '') AS stamp,
            batch_id IS NULL AND (status = 'PENDING' AND last_error IS NULL OR status = 'CONFLICT' AND next_attempt_at IS '{Acknowledgement.AtOnce}') AS fresh
          FROM sync_queue)
        GROUP BY priority
        ORDER BY priority
        """;

    private readonly Lock _gate = new();
    private SqliteDatabase? _database;
    private long _version;
    private QueueLook _last = new([], 0, string.Empty, null);
    private int _pressing = int.MaxValue;

    /// <summary>Told each time that the queue has been looked at.</summary>
    public Action<QueueLook>? Looked { get; set; }

    /// <summary>The best priority that has come into the queue since <see cref="Settle"/>; null when nothing has.</summary>
    public int? Pressing => Volatile.Read(ref _pressing) is var pressing and < int.MaxValue ? pressing : null;

    /// <summary>A run begins, and will meet everything that is there.</summary>
    public void Settle() => Volatile.Write(ref _pressing, int.MaxValue);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var started = time.GetTimestamp();
            LookIfChanged();
            var spent = time.GetElapsedTime(started);
            await Task.Delay(spent * Rest > Pause ? spent * Rest : Pause, time, cancellationToken);
        }
    }

    /// <summary>Looks now, whether the file was written or not.</summary>
    public void LookNow()
    {
        lock (_gate)
            _version = -1;
        LookIfChanged();
    }

    /// <summary>Looks now, and lets go of the file.</summary>
    public void LookOnce()
    {
        LookNow();
        Dispose();
    }

    public void Dispose()
    {
        lock (_gate)
            Close();
    }

    private void LookIfChanged()
    {
        lock (_gate)
        {
            try
            {
                if (Open() is not { } database || ReadVersion(database) is var version && version == _version)
                    return;
                var look = Read(database);
                _version = version;
                Compare(look);
            }
            catch (SyncException)
            {
                // Locked, or gone: the run says why, if it meets the same. The next look begins anew.
                Close();
            }
        }
    }

    private void Compare(QueueLook look)
    {
        // By number, too: a clock that was set back makes what is new look old.
        var hasGrown = look.Pressing is not null || look.Fresh > _last.Fresh;
        _last = look;
        // Whoever is told can count on a run that gives way.
        if (hasGrown && look.Pressing is { } priority && priority < Volatile.Read(ref _pressing))
            Volatile.Write(ref _pressing, priority);
        Looked?.Invoke(look);
        if (hasGrown)
            bell.Ring(WakeReason.Growth);
    }

    private SqliteDatabase? Open()
    {
        if (_database is { HasMoved: true } || !File.Exists(path))
            Close();
        if (_database is not null || !File.Exists(path))
            return _database;
        _database = SqliteDatabase.Open(path, TimeSpan.Zero);
        _version = -1;
        _database.Execute($"PRAGMA cache_size = {SmallCache}");
        if (!BookkeepingTables.Exist(_database))
            Close();
        return _database;
    }

    private void Close()
    {
        _database?.Dispose();
        _database = null;
    }

    private static long ReadVersion(SqliteDatabase database)
    {
        var statement = database.Prepare("PRAGMA data_version");
        statement.Step();
        var version = statement.Integer(0);
        statement.Reset();
        return version;
    }

    private QueueLook Read(SqliteDatabase database)
    {
        var waiting = new List<WaitingRows>();
        var (fresh, newest, pressing) = (0L, _last.Newest, (int?)null);
        var row = database.Prepare(Look).Bind(1, _last.Newest);
        while (row.Step())
        {
            waiting.Add(new WaitingRows((int)row.Integer(0), row.Integer(1), row.Integer(2), row.Integer(3)));
            fresh += row.Integer(4);
            if (row.Text(5) is { } stamp && string.CompareOrdinal(stamp, newest) > 0)
                newest = stamp;
            if (row.Integer(6) != 0)
                pressing ??= (int)row.Integer(0);
        }
        return new QueueLook(waiting, fresh, newest, pressing);
    }
}
