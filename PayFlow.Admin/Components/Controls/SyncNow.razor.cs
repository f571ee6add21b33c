using Microsoft.AspNetCore.Components;
using Npgsql;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Live;
using PayFlow.Admin.Output;
using PayFlow.Admin.Security;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Components.Controls;

/// <summary>Buttons that sync some terminals, and some of their tables, at once.</summary>
public sealed partial class SyncNow : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _left = new();
    private IReadOnlyList<JobRecord> _jobs = [];
    private SyncException? _failure;
    private IDisposable? _subscription;
    private Throttle? _throttle;
    private bool _isAsking;
    private bool _isUnseen;

    [Inject]
    internal JobDesk Desk { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    [Inject]
    internal LiveFeed Feed { get; set; } = null!;

    [Inject]
    internal TimeProvider Time { get; set; } = null!;

    /// <summary>Which terminals; all that are attached when null.</summary>
    [Parameter]
    public IReadOnlyList<string>? Terminals { get; set; }

    /// <summary>Which tables; all when null.</summary>
    [Parameter]
    public IReadOnlyList<string>? Tables { get; set; }

    /// <summary>The only direction there is; all three when null.</summary>
    [Parameter]
    public SyncDirection? Direction { get; set; }

    [Parameter]
    public string Label { get; set; } = "Sync now";

    private IReadOnlyList<(SyncDirection Direction, string Text)> Choices => Direction is { } only
        ? [(only, Label)]
        : [(SyncDirection.Both, Label), (SyncDirection.Pull, "terminal → central"), (SyncDirection.Push, "central → terminal")];

    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender)
            return;
        // Nobody awaits a look: what goes wrong in it belongs to the page's boundary.
        _throttle = new Throttle(Every, () => InvokeAsync(LookAsync), Time, e => _ = DispatchExceptionAsync(e));
        _subscription = Feed.Subscribe(LiveTopic.Jobs, _ => Ask());
    }

    public void Dispose()
    {
        _left.Cancel();
        _subscription?.Dispose();
        _throttle?.Dispose();
        _left.Dispose();
    }

    private void Ask()
    {
        if (_jobs.Any(j => !j.IsFinished))
            _throttle?.Ask();
    }

    private async Task AskAsync(SyncDirection direction)
    {
        if (_isAsking)
            return;
        _isAsking = true;
        (_failure, _isUnseen) = (null, false);
        try
        {
            User.RequireOperate();
            _jobs = (await Desk.SubmitAsync(JobRequest.Sync(direction, Terminals, Tables), User.Name, _left.Token)).Jobs;
            if (_jobs.Count == 0)
                _failure = new SyncException(SyncErrorCode.InvalidConfiguration, "No terminal is attached", "Attach one: payflow attach --sqlite FILE --terminal ID");
        }
        catch (Exception e) when (e is SyncException or NpgsqlException or TimeoutException)
        {
            _failure = Failures.Translate(e);
        }
        finally
        {
            _isAsking = false;
        }
    }

    private async Task LookAsync()
    {
        if (_left.IsCancellationRequested)
            return;
        try
        {
            var jobs = new List<JobRecord>();
            foreach (var job in _jobs)
                jobs.Add(job.IsFinished ? job : await Desk.ShowAsync(job.Id, _left.Token) ?? job);
            _jobs = jobs;
            if (_isUnseen)
                (_isUnseen, _failure) = (false, null);
            StateHasChanged();
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // The page was left meanwhile.
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            (_isUnseen, _failure) = (true, Failures.Translate(e));
            // The jobs may end without another word: they are looked for until they are found again.
            _throttle?.Ask();
            StateHasChanged();
        }
    }
}
