using System.Diagnostics;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Apply;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>What all phases of one run share.</summary>
internal sealed class RunContext
{
    private readonly Dictionary<(string, SyncDirection), TableProgress> _progress = [];
    private long _lastShown;
    private bool _isAdvanced;

    public RunContext(TerminalStore store, ICentral central, Welcome welcome, TerminalIdentity state, TerminalTools tools, SyncRequest request, SyncOptions options, Guid runId, TimeProvider time, IProgress<SyncProgress>? progress)
    {
        Store = store;
        Central = central;
        Welcome = welcome;
        State = state;
        Tools = tools;
        Request = request;
        Options = options;
        RunId = runId;
        Time = time;
        Progress = progress;
        Tables = store.ReadTables();
        tools.Journal.Begin(runId);
    }

    public TerminalStore Store { get; }

    public ICentral Central { get; }

    public Welcome Welcome { get; }

    public TerminalIdentity State { get; }

    public TerminalTools Tools { get; }

    public SyncRequest Request { get; }

    public SyncOptions Options { get; }

    public Guid RunId { get; }

    public TimeProvider Time { get; }

    public SyncPlan Plan => Welcome.Plan;

    public SqliteDatabase Database => Store.Database;

    /// <summary>Checkpoints as they stand in the terminal.</summary>
    public Dictionary<string, TableState> Tables { get; }

    public IdentityVerdict Identity { get; set; }

    /// <summary>The file is catching up after it was restored from a backup, in this run or since an earlier one that did not come to its end.</summary>
    public bool IsRestored => Identity == IdentityVerdict.RestoredTerminal || State.Restored == "terminal";

    /// <summary>The same of central: its rows and checkpoints are compared anew.</summary>
    public bool IsCentralRestored => Identity == IdentityVerdict.RestoredCentral || State.Restored == "central";

    /// <summary>The log still has something that this terminal did before it was restored, and that cannot be read yet.</summary>
    public bool IsHeldBack { get; set; }

    /// <summary>The run has given way, and ends.</summary>
    public bool HasGivenWay { get; private set; }

    public List<string> Warnings { get; } = [];

    /// <summary>What a batch may hold: less than is set where the line to central is thin.</summary>
    public int RowsPerBatch => Math.Min(Options.BatchSize, Central.RowsPerBatch);

    public IEnumerable<TableProgress> Done => _progress.Values;

    /// <summary>Somebody watches.</summary>
    public bool IsWatched => Progress is not null;

    private IProgress<SyncProgress>? Progress { get; }

    public string Now => TerminalStore.Instant(Time.GetUtcNow());

    public bool IsSelected(TablePlan table) => Request.Tables is null || Request.Tables.Contains(table.Name, StringComparer.OrdinalIgnoreCase);

    public TableProgress Of(string table, SyncDirection direction)
    {
        if (!_progress.TryGetValue((table, direction), out var progress))
            _progress.Add((table, direction), progress = new TableProgress(table, direction));
        return progress;
    }

    public void Step(string name) => Options.Step?.Invoke(name);

    /// <summary>Shows progress, four times a second at most.</summary>
    public void Show(SyncProgress progress, bool always = false)
    {
        if (Progress is null || (!always && Stopwatch.GetElapsedTime(_lastShown).TotalMilliseconds < 250))
            return;
        _lastShown = Stopwatch.GetTimestamp();
        Progress.Report(progress);
    }

    /// <summary>Whether something more pressing waits than what would be sent next; then the run ends here.</summary>
    /// <param name="priority">Of what would be sent.</param>
    public bool GivesWayUp(int priority) => HasGivenWay |= Request.Pressing?.Invoke() < priority;

    /// <summary>The same for what would come down next: what is as important goes up first.</summary>
    public bool GivesWayDown(int priority) => HasGivenWay |= Request.Pressing?.Invoke() <= priority;

    /// <summary>Writes a table's checkpoint, in the caller's transaction.</summary>
    public void Save(TableState table)
    {
        Tables[table.Name] = table;
        Store.WriteTable(table);
    }

    /// <summary>
    /// Counts the run on both sides, before it changes anything anywhere: the terminal announces it, central takes it, the terminal confirms it.
    /// Runs that move nothing are not counted; they cannot make two histories of one file.
    /// </summary>
    public async Task EnsureAdvancedAsync(CancellationToken cancellationToken)
    {
        if (_isAdvanced)
            return;
        var next = Math.Max(State.Counter, Welcome.Counter) + 1;
        var nonce = Guid.NewGuid();
        Database.Write(() =>
        {
            // From the next step on the counters agree again: that there is something to catch up with must not be forgotten with them.
            if (Identity == IdentityVerdict.RestoredTerminal)
                Store.WriteRestored("terminal");
            Store.AnnounceAdvance(next, nonce);
        });
        Step("advance-announced");
        await Central.AdvanceAsync(Welcome.Counter, next, nonce, cancellationToken);
        Step("advance-central");
        Database.Write(() => Store.ConfirmAdvance(next, nonce));
        Step("advance-confirmed");
        _isAdvanced = true;
    }
}
