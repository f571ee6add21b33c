using Microsoft.AspNetCore.Components;
using Npgsql;
using PayFlow.Admin.Live;
using PayFlow.Admin.Output;
using PayFlow.Admin.Views;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Components.Controls;

/// <summary>
/// A page that reads what it shows when its address changes, and again when central says that something of it has changed: at most twice a second, and not while nobody can see it.
/// What cannot be read leaves what is shown, marked as of then.
/// </summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _left = new();
    private IDisposable? _subscription;
    private Throttle? _throttle;
    private bool _isBehind;

    [Inject]
    internal LiveFeed Feed { get; set; } = null!;

    [Inject]
    internal TabVisibility Tab { get; set; } = null!;

    [Inject]
    internal TimeProvider Time { get; set; } = null!;

    /// <summary>What the page shows something of.</summary>
    private protected abstract LiveTopic Topics { get; }

    private protected LoadState State { get; private set; }

    /// <summary>Why it could not be read.</summary>
    private protected SyncException? Failure { get; private set; }

    /// <summary>When it was last read.</summary>
    private protected DateTimeOffset? AsOf { get; private set; }

    /// <summary>What somebody asked for is being done.</summary>
    private protected bool IsBusy { get; private set; }

    /// <summary>Why what somebody asked for could not be done.</summary>
    private protected SyncException? Trouble { get; set; }

    /// <summary>Ends when the page is left.</summary>
    private protected CancellationToken Left => _left.Token;

    /// <summary>Reads everything that the page shows.</summary>
    private protected abstract Task LoadAsync(CancellationToken cancellationToken);

    /// <summary>Reads anew and shows it.</summary>
    private protected async Task ReloadAsync()
    {
        await ReadAsync();
        if (!_left.IsCancellationRequested)
            StateHasChanged();
    }

    /// <summary>Does what somebody asks for, one thing at a time. Why it could not be done is the page's to show; what one asked for before is no longer.</summary>
    private protected async Task ActAsync(Func<Task> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        if (IsBusy)
            return;
        (IsBusy, Trouble) = (true, null);
        try
        {
            await act();
        }
        catch (Exception e) when (e is SyncException or NpgsqlException or TimeoutException or IOException)
        {
            Trouble = Failures.Translate(e);
        }
        finally
        {
            IsBusy = false;
        }
    }

    protected override async Task OnParametersSetAsync() => await ReadAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        // Only here is the page interactive: while it is prerendered nobody could be told.
        if (!firstRender)
            return;
        // Nobody awaits a refresh: what goes wrong in it belongs to the page's boundary.
        _throttle = new Throttle(Every, () => InvokeAsync(ReloadAsync), Time, e => _ = DispatchExceptionAsync(e));
        _subscription = Feed.Subscribe(Topics, _ => Ask());
        Tab.Changed += OnVisibility;
    }

    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool isDisposing)
    {
        if (_left.IsCancellationRequested)
            return;
        _left.Cancel();
        Tab.Changed -= OnVisibility;
        _subscription?.Dispose();
        _throttle?.Dispose();
        _left.Dispose();
    }

    /// <summary>Has the page read anew soon, from any thread; never twice at a time, and not while nobody can see it.</summary>
    private protected void Ask()
    {
        if (Tab.IsVisible)
            _throttle?.Ask();
        else
            _isBehind = true;
    }

    private void OnVisibility()
    {
        if (!Tab.IsVisible || !_isBehind)
            return;
        _isBehind = false;
        _throttle?.Ask();
    }

    private async Task ReadAsync()
    {
        if (_left.IsCancellationRequested)
            return;
        try
        {
            await LoadAsync(_left.Token);
            (State, Failure, AsOf) = (LoadState.Ready, null, Time.GetUtcNow());
        }
        catch (Exception e) when (_left.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left while it was being read.
        }
        catch (Exception e) when (e is SyncException or NpgsqlException or TimeoutException or IOException)
        {
            (State, Failure) = (AsOf is null ? LoadState.Failed : LoadState.Stale, Failures.Translate(e));
        }
    }
}
