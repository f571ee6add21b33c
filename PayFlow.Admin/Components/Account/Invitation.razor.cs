using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Security;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Components.Account;

/// <summary>Sets the password of whoever was invited or has forgotten theirs.</summary>
public sealed partial class Invitation
{
    private SyncException? _trouble;
    private bool _isAlive;

    [Inject]
    internal OneTimeLinks Links { get; set; } = null!;

    [Inject]
    internal AccountDesk Accounts { get; set; } = null!;

    [Inject]
    internal SignInDesk Desk { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [CascadingParameter]
    private HttpContext Context { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "token")]
    private string? Token { get; set; }

    [SupplyParameterFromForm(FormName = "invitation")]
    private PasswordForm Typed { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        Typed ??= new();
        _isAlive = await Links.FindAsync(Token, Context.RequestAborted) is { User: not null };
    }

    private async Task SetAsync()
    {
        try
        {
            Typed.RequireSame();
            var account = await Accounts.SetPasswordByLinkAsync(Token!, Typed.Password, Context.RequestAborted);
            // A second factor is still asked for.
            var outcome = await Desk.PasswordAsync(account.Email, Typed.Password, isPersistent: false, Context.RequestAborted);
            Navigation.NavigateTo(outcome switch
            {
                SignInOutcome.Done => LocalUrl.Home,
                SignInOutcome.CodeNeeded => AccountPaths.Code,
                _ => AccountPaths.SignIn,
            });
        }
        catch (SyncException e)
        {
            _trouble = e;
        }
        Typed.Clear();
    }
}
