using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;

namespace PayFlow.Admin.Components.Account;

/// <summary>The second step of signing in, for accounts that have one.</summary>
public sealed partial class SignInCode
{
    private string? _trouble;
    private bool _isExpired;

    [Inject]
    internal SignInDesk Desk { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [CascadingParameter]
    private HttpContext Context { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "returnUrl")]
    private string? ReturnUrl { get; set; }

    [SupplyParameterFromQuery(Name = "kept")]
    private string? Kept { get; set; }

    [SupplyParameterFromForm(FormName = "code")]
    private Form Typed { get; set; } = null!;

    private bool IsRecovery => Context.Request.Path.StartsWithSegments(AccountPaths.RecoveryCode);

    protected override void OnInitialized() => Typed ??= new();

    private string Other(string path) => Urls.With(path, ("returnUrl", ReturnUrl), ("kept", Kept));

    private async Task SignInAsync()
    {
        switch (await Desk.CodeAsync(Typed.Code, IsRecovery, QueryText.IsYes(Kept), Context.RequestAborted))
        {
            case SignInOutcome.Done:
                Navigation.NavigateTo(LocalUrl.Of(ReturnUrl));
                break;
            case SignInOutcome.Expired:
                (_trouble, _isExpired) = ("The first step was too long ago.", true);
                break;
            default:
                _trouble = SignInDesk.CodeRefusal;
                break;
        }
        Typed.Code = string.Empty;
    }

    internal sealed class Form
    {
        public string Code { get; set; } = string.Empty;
    }
}
