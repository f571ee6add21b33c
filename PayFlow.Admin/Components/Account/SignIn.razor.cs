using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Security;

namespace PayFlow.Admin.Components.Account;

/// <summary>The first step of signing in.</summary>
public sealed partial class SignIn
{
    private string? _trouble;

    [Inject]
    internal SignInDesk Desk { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [CascadingParameter]
    private HttpContext Context { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "returnUrl")]
    private string? ReturnUrl { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in")]
    private Form Typed { get; set; } = null!;

    protected override void OnInitialized()
    {
        Typed ??= new();
        if (HttpMethods.IsGet(Context.Request.Method) && Context.User.Identity?.IsAuthenticated == true)
            Navigation.NavigateTo(LocalUrl.Of(ReturnUrl));
    }

    private async Task SignInAsync()
    {
        switch (await Desk.PasswordAsync(Typed.Email, Typed.Password, Typed.IsKept, Context.RequestAborted))
        {
            case SignInOutcome.Done:
                Navigation.NavigateTo(LocalUrl.Of(ReturnUrl));
                break;
            case SignInOutcome.CodeNeeded:
                Navigation.NavigateTo(Urls.With(AccountPaths.Code, ("returnUrl", LocalUrl.Of(ReturnUrl)), ("kept", Typed.IsKept ? "true" : null)));
                break;
            case SignInOutcome.Disabled:
                _trouble = "This account is disabled. An administrator can enable it.";
                break;
            default:
                _trouble = SignInDesk.Refusal;
                break;
        }
        // Never back into the page's source.
        Typed.Password = string.Empty;
    }

    internal sealed class Form
    {
        public string Email { get; set; } = string.Empty;

        public string Password { get; set; } = string.Empty;

        public bool IsKept { get; set; }
    }
}
