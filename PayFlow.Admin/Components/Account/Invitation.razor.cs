using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Security;

namespace PayFlow.Admin.Components.Account;

/// <summary>Sets the password of whoever was invited or has forgotten theirs.</summary>
public sealed partial class Invitation : OneTimeLinkPage
{
    [SupplyParameterFromForm(FormName = "invitation")]
    private PasswordForm Typed { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        Typed ??= new();
        IsAlive = await Links.FindAsync(Token, Context.RequestAborted) is { User: not null };
    }

    private Task SetAsync() => TryAsync(Typed, async () =>
    {
        var account = await Accounts.SetPasswordByLinkAsync(Token!, Typed.Password, Context.RequestAborted);
        // A second factor is still asked for.
        var outcome = await Desk.PasswordAsync(account.Email, Typed.Password, isPersistent: false, Context.RequestAborted);
        Navigation.NavigateTo(outcome switch
        {
            SignInOutcome.Done => LocalUrl.Home,
            SignInOutcome.CodeNeeded => AccountPaths.Code,
            _ => AccountPaths.SignIn,
        });
    });
}
