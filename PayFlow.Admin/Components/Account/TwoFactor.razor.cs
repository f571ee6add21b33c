using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Security;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Components.Account;

/// <summary>Turns one's own second factor on and off.</summary>
public sealed partial class TwoFactor
{
    private SyncException? _trouble;
    private IReadOnlyList<string>? _codes;
    private string? _key;
    private string? _uri;
    private bool _isOn;

    [Inject]
    internal OwnAccount Own { get; set; } = null!;

    [CascadingParameter]
    private HttpContext Context { get; set; } = null!;

    [SupplyParameterFromForm(FormName = "two-factor-on")]
    private OnForm On { get; set; } = null!;

    [SupplyParameterFromForm(FormName = "two-factor-off")]
    private OffForm Off { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        On ??= new();
        Off ??= new();
        await ShowAsync();
    }

    private async Task ShowAsync()
    {
        _isOn = (await Own.GetAsync(Context.User)).TwoFactorEnabled;
        if (!_isOn)
            (_key, _uri) = await Own.AuthenticatorAsync(Context.User);
    }

    private async Task EnableAsync()
    {
        try
        {
            _codes = await Own.EnableTwoFactorAsync(Context.User, On.Code, Context.RequestAborted);
        }
        catch (SyncException e)
        {
            _trouble = e;
        }
    }

    private async Task DisableAsync()
    {
        try
        {
            await Own.DisableTwoFactorAsync(Context.User, Off.Password, Context.RequestAborted);
        }
        catch (SyncException e)
        {
            _trouble = e;
        }
        Off.Password = string.Empty;
        await ShowAsync();
    }

    internal sealed class OnForm
    {
        public string Code { get; set; } = string.Empty;
    }

    internal sealed class OffForm
    {
        public string Password { get; set; } = string.Empty;
    }
}
