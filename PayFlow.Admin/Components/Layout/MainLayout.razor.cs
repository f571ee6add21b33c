using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using PayFlow.Admin.Live;
using PayFlow.Admin.Views;

namespace PayFlow.Admin.Components.Layout;

/// <summary>What stands around every page: navigation, who is signed in, time zone and theme, and whether the database answers.</summary>
public sealed partial class MainLayout : IAsyncDisposable
{
    private readonly CancellationTokenSource _left = new();
    private ErrorBoundary? _boundary;
    private KeyList? _keys;
    private IDisposable? _subscription;
    private DotNetObjectReference<TabVisibility>? _tab;
    private DotNetObjectReference<KeyList>? _keysReference;
    private ShownZone _zone = ShownZone.Utc;
    private string _zoneChoice = "utc";
    private bool _isNavOpen;
    private bool _isInteractive;

    [Inject]
    internal LiveFeed Feed { get; set; } = null!;

    [Inject]
    internal TabVisibility Tab { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [Inject]
    internal IJSRuntime Script { get; set; } = null!;

    protected override void OnInitialized() => Navigation.LocationChanged += OnMoved;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        _isInteractive = true;
        _subscription = Feed.Subscribe(LiveTopic.None, changed => InvokeAsync(StateHasChanged));
        _tab = DotNetObjectReference.Create(Tab);
        _keysReference = DotNetObjectReference.Create(_keys!);
        try
        {
            var stored = await Script.InvokeAsync<string[]>("payflow.start", _left.Token, _tab, _keysReference);
            await ZoneAsync(stored[0], stored[1]);
        }
        catch (Exception e) when (e is JSDisconnectedException or OperationCanceledException)
        {
            // The tab was closed while the page came up.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _left.CancelAsync();
        Navigation.LocationChanged -= OnMoved;
        _subscription?.Dispose();
        _tab?.Dispose();
        _keysReference?.Dispose();
        _left.Dispose();
    }

    private Task ZoneAsync((string Choice, string Zone) chosen) => ZoneAsync(chosen.Choice, chosen.Zone);

    private Task ZoneAsync(string choice, string zone)
    {
        _zoneChoice = choice;
        // A browser may know a zone that this host does not.
        _zone = new ShownZone(TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var known) ? known : TimeZoneInfo.Utc);
        StateHasChanged();
        return Task.CompletedTask;
    }

    private void ToggleNav() => _isNavOpen = !_isNavOpen;

    private void Recover() => _boundary?.Recover();

    private void OnMoved(object? sender, LocationChangedEventArgs e)
    {
        _isNavOpen = false;
        _boundary?.Recover();
        _ = InvokeAsync(StateHasChanged);
    }
}
