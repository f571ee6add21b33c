using Microsoft.AspNetCore.Components;
using Npgsql;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Live;
using PayFlow.Admin.Output;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Components.Controls;

/// <summary>"Sync now" for a terminal, a table or everything.</summary>
public sealed partial class SyncNow : IDisposable
{
    private const int Shown = 5;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    private IReadOnlyList<JobView> _jobs = [];
    private IDisposable? _subscription;
    private Throttle? _throttle;
    private string? _table;
    private bool _isBusy;
    private SyncException? _failure;

    /// <summary>All attached terminals when null.</summary>
    [Parameter]
    public IReadOnlyList<string>? Terminals { get; set; }

    /// <summary>All tables when null.</summary>
    [Parameter]
    public IReadOnlyList<string>? Tables { get; set; }

    /// <summary>Tables to choose one of; none to leave it.</summary>
    [Parameter]
    public IReadOnlyList<string> TableChoice { get; set; } = [];

    /// <summary>What the button names: "T01", "all terminals", "products".</summary>
    [Parameter, EditorRequired]
    public string What { get; set; } = string.Empty;

    [Inject]
    internal JobDesk Desk { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    [Inject]
    internal LiveFeed Feed { get; set; } = null!;

    [Inject]
    internal TimeProvider Time { get; set; } = null!;

    private string? Only => Terminals is [var only] ? only : null;

    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender)
            return;
        _throttle = new Throttle(Every, () => InvokeAsync(RefreshAsync), Time);
        _subscription = Feed.Subscribe(LiveTopic.Jobs, _ => _throttle.Ask());
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        _throttle?.Dispose();
    }

    private async Task StartAsync(SyncDirection direction)
    {
        if (_isBusy)
            return;
        (_isBusy, _failure) = (true, null);
        try
        {
            User.RequireOperate();
            IReadOnlyList<string>? tables = string.IsNullOrEmpty(_table) ? Tables : [_table];
            _jobs = [.. (await Desk.SubmitAsync(JobRequest.Sync(direction, Terminals, tables), User.Name)).Jobs.Select(JobView.Of)];
        }
        catch (Exception e) when (e is SyncException or NpgsqlException or TimeoutException)
        {
            _failure = Failures.Translate(e);
        }
        finally
        {
            _isBusy = false;
        }
    }

    private async Task RefreshAsync()
    {
        if (_jobs.Count == 0 || _jobs.All(j => j.IsFinished))
            return;
        try
        {
            var jobs = new List<JobView>();
            foreach (var job in _jobs.Take(Shown))
                jobs.Add(!job.IsFinished && await Desk.ShowAsync(job.Id) is { } known ? JobView.Of(known) : job);
            _jobs = [.. jobs, .. _jobs.Skip(Shown)];
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            _failure = Failures.Translate(e);
        }
        StateHasChanged();
    }
}
