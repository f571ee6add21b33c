using Microsoft.JSInterop;

namespace PayFlow.Admin.Live;

/// <summary>Whether somebody can see the page: the browser says so. Nothing is read for a hidden tab.</summary>
internal sealed class TabVisibility
{
    public event Action? Changed;

    public bool IsVisible { get; private set; } = true;

    [JSInvokable]
    public void Set(bool isVisible)
    {
        if (IsVisible == isVisible)
            return;
        IsVisible = isVisible;
        Changed?.Invoke();
    }
}
