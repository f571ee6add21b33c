using Microsoft.AspNetCore.Components;
using Npgsql;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Live;
using PayFlow.Admin.Output;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Components.Controls;

/// <summary>A part of a page that has work done by a job and follows it to its end.</summary>
public abstract class JobWatch : ComponentBase, IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    private IDisposable? _subscription;
    private Throttle? _throttle;
    private bool _isUnseen;

    [Inject]
    internal JobDesk Desk { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    [Inject]
    internal LiveFeed Feed { get; set; } = null!;

    [Inject]
    internal TimeProvider Time { get; set; } = null!;

    /// <summary>The job that is followed; null before there is one.</summary>
    private protected JobView? Job { get; private set; }

    /// <summary>Why none could be made.</summary>
    private protected SyncException? Failure { get; private set; }

    /// <summary>It is being handed in.</summary>
    private protected bool IsBusy { get; private set; }

    /// <summary>Hands work in, and follows it. What goes wrong is shown as <see cref="Failure"/>.</summary>
    private protected async Task StartAsync(JobRequest request)
    {
        if (IsBusy)
            return;
        (IsBusy, Failure, _isUnseen) = (true, null, false);
        try
        {
            await SubmitAsync(request);
        }
        catch (Exception e) when (e is SyncException or NpgsqlException or TimeoutException)
        {
            Failure = Failures.Translate(e);
        }
        finally
        {
            IsBusy = false;
        }
    }

    /// <summary>The same for a dialog, which shows what goes wrong itself.</summary>
    private protected async Task SubmitAsync(JobRequest request)
    {
        User.RequireOperate();
        Job = JobView.Of((await Desk.SubmitAsync(request, User.Name)).Jobs[0]);
    }

    /// <summary>Called once, when the job has ended.</summary>
    private protected virtual Task FinishedAsync(JobView job) => Task.CompletedTask;

    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender)
            return;
        // Nobody awaits a look: what goes wrong in it belongs to the page's boundary.
        _throttle = new Throttle(Every, () => InvokeAsync(RefreshAsync), Time, e => _ = DispatchExceptionAsync(e));
        _subscription = Feed.Subscribe(LiveTopic.Jobs, _ => _throttle.Ask());
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        _throttle?.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task RefreshAsync()
    {
        if (Job is not { IsFinished: false } job)
            return;
        try
        {
            if (await Desk.ShowAsync(job.Id) is not { } known || Job.Id != job.Id)
                return;
            Job = JobView.Of(known);
            if (_isUnseen)
                (_isUnseen, Failure) = (false, null);
            if (Job.IsFinished)
                await FinishedAsync(Job);
        }
        catch (Exception e) when (e is SyncException or NpgsqlException or TimeoutException or IOException)
        {
            (_isUnseen, Failure) = (true, Failures.Translate(e));
            // The job may end without another word: it is looked for until it is found again.
            _throttle?.Ask();
        }
        StateHasChanged();
    }
}
