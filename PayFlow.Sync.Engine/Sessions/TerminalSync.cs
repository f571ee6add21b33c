using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using PayFlow.Sync.Engine.Terminals.Journal;
using Polly;
using Polly.Retry;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>
/// Syncs one attached terminal. Keeps the file open and what it knows of both schemas between runs, so that a run with nothing to do costs three statements.
/// One run at a time; a run that is killed anywhere leaves both sides consistent, and the next one converges.
/// </summary>
public sealed class TerminalSync : IAsyncDisposable
{
    private readonly ICentral _central;
    private readonly SyncOptions _options;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _retry;
    private readonly string _fingerprint;
    private readonly string _path;
    private TerminalStore? _store;
    private TerminalTools? _tools;
    private DatabaseSchema? _schema;
    private string? _schemaVersion;
    private DateTime _created;

    /// <param name="path">The terminal's SQLite file, attached before.</param>
    /// <param name="central">Central for this terminal; disposed with this object.</param>
    /// <param name="options">Defaults fit a POS.</param>
    /// <param name="time">The clock for retries and logs; a till's clock decides nothing else.</param>
    public TerminalSync(string path, ICentral central, SyncOptions? options = null, TimeProvider? time = null)
    {
        _path = path;
        _central = central;
        _options = options ?? new SyncOptions();
        _time = time ?? TimeProvider.System;
        _fingerprint = Fingerprint.Of(path);
        _retry = new ResiliencePipelineBuilder { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<SyncException>(e => e.IsTransient),
                MaxRetryAttempts = Math.Max(1, _options.TransientAttempts - 1),
                Delay = _options.TransientDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            })
            .Build();
    }

    /// <summary>Runs once, beginning again after passing troubles (network, serialization, a locked file). Every batch is applied once, however often the run begins.</summary>
    /// <exception cref="SyncException">The run could not be done; nothing that was done is lost.</exception>
    public async Task<RunReport> RunAsync(SyncRequest? request = null, IProgress<SyncProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var asked = request ?? new SyncRequest();
        return await _retry.ExecuteAsync(async token => await RunOnceAsync(asked, progress, token), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _central.DisposeAsync();
        _store?.Database.Dispose();
    }

    private async Task<RunReport> RunOnceAsync(SyncRequest request, IProgress<SyncProgress>? progress, CancellationToken cancellationToken)
    {
        var started = _time.GetUtcNow();
        var store = Open();
        var state = store.ReadState();
        var hello = Hello(store, state, request);
        request.Begun?.Invoke(hello.RunId);
        var welcome = await _central.OpenAsync(hello, cancellationToken);
        RunContext? run = null;
        try
        {
            (run, var gaps) = Begin(store, state, welcome, request, hello.RunId, progress);
            await new TableStates(run).PrepareAsync(gaps, cancellationToken);
            await RunPhasesAsync(run, cancellationToken);
            var report = Report(run, started, null);
            await EndAsync(run, report);
            return report;
        }
        catch (Exception e)
        {
            await FailAsync(run, hello, started, e);
            throw;
        }
    }

    // A restored backup takes the place of the file that is open here; whoever kept the old one open would sync a file that nobody sells on.
    private TerminalStore Open()
    {
        // Where the file system keeps no time of creation this is the last change's, which a copy has from what it was copied of.
        var created = File.GetCreationTimeUtc(_path);
        if (_store is not null && created == _created && File.Exists(_path) && !_store.Database.HasMoved)
            return _store;
        _store?.Database.Dispose();
        _store = null;
        _tools = null;
        _schemaVersion = null;
        _store = new TerminalStore(SqliteDatabase.Open(_path, _options.BusyTimeout));
        _created = created;
        if (_store.IsAttached)
            JournalTable.Ensure(_store.Database);
        return _store;
    }

    private Hello Hello(TerminalStore store, TerminalIdentity state, SyncRequest request)
    {
        var version = store.SchemaVersion();
        if (version != _schemaVersion)
            (_schema, _schemaVersion) = (store.ReadSchema(), version);
        return new Hello
        {
            Terminal = state.TerminalId,
            RunId = Guid.NewGuid(),
            SyncType = request.Bootstrap ? "bootstrap" : request.SyncType,
            Direction = request.Direction,
            Schema = _schema!,
            SchemaVersion = version,
            Fingerprint = _fingerprint,
        };
    }

    private (RunContext Run, List<string> Gaps) Begin(TerminalStore store, TerminalIdentity state, Welcome welcome, SyncRequest request, Guid runId, IProgress<SyncProgress>? progress)
    {
        IdentityCheck.RequireSameCentral(state, welcome, _path);
        var verdict = IdentityCheck.Judge(state, welcome, _fingerprint);
        // Two files with one history, and the other one is still where it was: this is no move.
        if (verdict == IdentityVerdict.Same && Fingerprint.IsElsewhere(welcome.Fingerprint, _fingerprint) && !request.AcceptMoved)
            verdict = IdentityVerdict.Copied;
        if (verdict == IdentityVerdict.Copied)
            verdict = request.AcceptMoved ? IdentityVerdict.RestoredTerminal : throw IdentityCheck.CopiedFile(state, welcome, _path, _fingerprint);
        RequireKnownTables(request, welcome.Plan);
        var gaps = EnsureCapture(store, welcome.Plan);
        if (_tools is null || !ReferenceEquals(_tools.Plan, welcome.Plan))
            _tools = new TerminalTools(store.Database, welcome.Plan, _options, _time);
        var run = new RunContext(store, _central, welcome, state, _tools, request, _options, runId, _time, progress) { Identity = verdict };
        return (run, gaps);
    }

    // After a change of the map, or when somebody rebuilt a table and its triggers went with it.
    private List<string> EnsureCapture(TerminalStore store, SyncPlan plan)
    {
        if (_tools is not null && ReferenceEquals(_tools.Plan, plan) && store.SchemaVersion() == _schemaVersion)
            return [];
        if (store.TriggersFit(plan))
            return [];
        var gaps = store.Database.Write(() => store.EnsureTriggers(plan));
        return gaps;
    }

    private static async Task RunPhasesAsync(RunContext run, CancellationToken cancellationToken)
    {
        var request = run.Request;
        var pull = new PullPhase(run);
        if (!request.IsDryRun)
            await pull.RecoverAsync(cancellationToken);
        if (request.Work is { } work)
        {
            await work(run, cancellationToken);
            return;
        }
        if (!request.IsDryRun)
            await new DecisionDelivery(run).RunAsync(cancellationToken);
        await new BootstrapPhase(run, pull).RunAsync(all: request.Bootstrap, cancellationToken);
        if (request.Bootstrap || run.HasGivenWay)
            return;
        // A restored file may hold sales that central has already: they must be recognised before central's come down beside them.
        if (request.Direction != SyncDirection.Push || run.IsRestored)
        {
            await pull.RunAsync(cancellationToken);
            foreach (var table in run.Plan.Tables.Where(t => t is { Pulls: true, Entry.TerminalCapture: CaptureMode.Timestamp } && run.IsSelected(t) && !run.HasGivenWay))
                await new StampedPull(run, pull).RunAsync(table, cancellationToken);
        }
        if (request.Direction != SyncDirection.Pull && !run.HasGivenWay)
            await new PushPhase(run).RunAsync(cancellationToken);
        if (!run.HasGivenWay && request is { Direction: SyncDirection.Both, Tables: null } && (run.IsRestored || run.IsCentralRestored) && !run.IsHeldBack)
            run.Database.Write(() => run.Store.WriteRestored(null));
    }

    private static void RequireKnownTables(SyncRequest request, SyncPlan plan)
    {
        if (request.Tables?.FirstOrDefault(t => plan.Find(t) is null) is { } unknown)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"There is no synced table {unknown}", $"Synced are: {string.Join(", ", plan.Tables.Select(t => t.Name))}.") { Table = unknown };
    }

    private async Task EndAsync(RunContext run, RunReport report)
    {
        if (report.Moved > 0 || run.Done.Any(t => t.Read > 0))
        {
            run.Database.Write(() => run.Store.WriteLog(run.RunId, run.Request.SyncType, run.Request.Direction.ToString().ToLowerInvariant(), report.Moved, report.StartedAt, report.CompletedAt,
                report.Status.ToString().ToUpperInvariant(), report.Error));
        }
        if (report is { Moved: > 0, Error: null })
            JournalPruning.Execute(run.Database, run.RunId, run.Time.GetUtcNow().AddDays(-run.Options.Journal.TerminalDays), run.Options.Journal.TerminalEntries);
        run.Step("run-logged");
        // A run that was done is reported even when the caller no longer waits for it.
        await _central.CloseAsync(report, CancellationToken.None);
    }

    private async Task FailAsync(RunContext? run, Hello hello, DateTimeOffset started, Exception e)
    {
        try
        {
            if (run is not null)
            {
                await EndAsync(run, Report(run, started, e));
                return;
            }
        }
        catch (Exception also) when (also is SyncException or SqliteRowException or InvalidOperationException)
        {
            // The file is gone or locked, which may be why the run failed: central is told all the same, and freed.
        }
        try
        {
            await _central.CloseAsync(new RunReport { RunId = hello.RunId, Terminal = hello.Terminal, Status = RunStatus.Failed, StartedAt = started, CompletedAt = _time.GetUtcNow(), Error = e.Message, Hint = (e as SyncException)?.Hint }, CancellationToken.None);
        }
        catch (Exception also) when (also is SyncException or InvalidOperationException)
        {
            // Central is gone, which is why the run failed: that is what the caller hears. The next run closes this one's log row.
        }
    }

    private RunReport Report(RunContext run, DateTimeOffset started, Exception? error)
    {
        var queue = run.Store.CountQueue();
        var positions = run.Plan.Tables.Where(t => t.Pushes && run.Tables.ContainsKey(t.Name)).Select(t => run.Tables[t.Name].Position).ToList();
        var aside = run.Store.CountAside();
        return new RunReport
        {
            RunId = run.RunId,
            Terminal = run.State.TerminalId,
            Status = error switch
            {
                OperationCanceledException => RunStatus.Cancelled,
                not null => RunStatus.Failed,
                _ when queue.GetValueOrDefault("CONFLICT") > 0 => RunStatus.Conflict,
                _ when queue.GetValueOrDefault("FAILED") + aside > 0 => RunStatus.Failed,
                _ => RunStatus.Synced,
            },
            StartedAt = started,
            CompletedAt = _time.GetUtcNow(),
            Tables = [.. run.Done.Where(t => t.Read > 0 || t.Moved > 0)],
            Queue = queue,
            DeadLetters = queue.GetValueOrDefault("FAILED") > 0 ? run.Store.ReadDeadLetters() : [],
            WaitingForBootstrap = run.Tables.Values.Where(t => t.WaitsForBootstrap).Sum(t => run.Plan.Find(t.Name) is null ? 0 : run.Store.CountRows(t.Name)),
            SetAside = aside,
            HasMore = run.HasGivenWay,
            Position = positions.Count == 0 ? null : positions.Min(),
            Warnings = [.. run.Warnings],
            Error = error?.Message,
            Hint = (error as SyncException)?.Hint,
        };
    }
}
