using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Npgsql;
using PayFlow.Admin.Output;
using PayFlow.Admin.Views;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Components.Controls;

/// <summary>
/// Asks before something is done: costly things with their counts, destructive ones with the name typed and a reason. It closes when the work has been done; when that fails it stays open and says why.
/// </summary>
/// <example>
/// <code>
/// &lt;ConfirmDialog @ref="_detach" Title="Detach till-01?" Verb="Detach till-01" IsDanger TypedName="till-01" Reason="ReasonRule.Required" Confirm="DetachAsync"&gt;
///     &lt;p&gt;12 rows are not sent yet and stay in its file.&lt;/p&gt;
/// &lt;/ConfirmDialog&gt;
/// &lt;button class="button danger" @onclick="() => _detach.ShowAsync()"&gt;Detach …&lt;/button&gt;
/// </code>
/// </example>
public sealed partial class ConfirmDialog
{
    private readonly string _id = "confirm-" + Guid.NewGuid().ToString("N")[..8];
    private ElementReference _dialog;
    private bool _isToOpen;
    private string? _typed;
    private string? _reason;
    private string? _nameError;
    private string? _reasonError;
    private SyncException? _failure;

    /// <summary>A question: "Detach till-01?".</summary>
    [Parameter, EditorRequired]
    public string Title { get; set; } = string.Empty;

    /// <summary>What will happen, with counts.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>The button that does it: a verb that names the object.</summary>
    [Parameter, EditorRequired]
    public string Verb { get; set; } = string.Empty;

    /// <summary>What the button says while it is being done; the verb itself when null.</summary>
    [Parameter]
    public string? BusyVerb { get; set; }

    [Parameter]
    public string CancelVerb { get; set; } = "Cancel";

    /// <summary>Something is lost for good: the button says so by its colour.</summary>
    [Parameter]
    public bool IsDanger { get; set; }

    /// <summary>What has to be typed before it is done; null when nothing has.</summary>
    [Parameter]
    public string? TypedName { get; set; }

    [Parameter]
    public ReasonRule Reason { get; set; }

    /// <summary>It cannot be confirmed yet, because what will happen is still being found out, or never.</summary>
    [Parameter]
    public bool IsBlocked { get; set; }

    /// <summary>Why not.</summary>
    [Parameter]
    public string? BlockedBecause { get; set; }

    /// <summary>Does it, given the reason (null when there is none). A <see cref="SyncException"/> is shown in the dialog.</summary>
    [Parameter, EditorRequired]
    public Func<string?, Task> Confirm { get; set; } = static _ => Task.CompletedTask;

    /// <summary>It was closed, done or not.</summary>
    [Parameter]
    public EventCallback Closed { get; set; }

    [Inject]
    internal IJSRuntime Script { get; set; } = null!;

    public bool IsOpen { get; private set; }

    public bool IsBusy { get; private set; }

    /// <summary>Opens it, empty.</summary>
    public Task ShowAsync()
    {
        (_typed, _reason, _nameError, _reasonError, _failure) = (null, null, null, null, null);
        (IsOpen, _isToOpen) = (true, true);
        StateHasChanged();
        return Task.CompletedTask;
    }

    /// <summary>Closes it; what is under way goes on.</summary>
    public async Task CloseAsync() => await Script.InvokeVoidAsync("payflow.close", _dialog);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_isToOpen)
            return;
        // Only now its content is there, so that the browser finds what to put the focus on.
        _isToOpen = false;
        await Script.InvokeVoidAsync("payflow.open", _dialog);
    }

    private async Task ConfirmAsync()
    {
        if (IsBusy || IsBlocked || !IsComplete())
            return;
        (IsBusy, _failure) = (true, null);
        try
        {
            await Confirm(ReasonText.Of(_reason));
        }
        catch (Exception e) when (e is SyncException or NpgsqlException or TimeoutException or IOException or UnauthorizedAccessException)
        {
            _failure = Failures.Translate(e);
        }
        finally
        {
            IsBusy = false;
        }
        if (_failure is null)
            await CloseAsync();
    }

    private bool IsComplete()
    {
        _nameError = TypedName is { } name && _typed?.Trim() != name ? $"This has to read exactly: {name}" : null;
        _reasonError = Reason == ReasonRule.Required && string.IsNullOrWhiteSpace(_reason) ? "Say why; it goes into the audit." : ReasonText.Fault(_reason);
        return _nameError is null && _reasonError is null;
    }

    private async Task OnClosed()
    {
        IsOpen = false;
        await Closed.InvokeAsync();
    }

    // Needed for its preventDefault: Esc does not close what is under way.
    private static void Ignore()
    {
    }
}
