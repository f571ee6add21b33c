using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Security;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Components.Account;

/// <summary>Makes the first administrator, for whoever has the link that the host printed.</summary>
public sealed partial class SetUp
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

    [SupplyParameterFromForm(FormName = "set-up")]
    private Form Typed { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        Typed ??= new();
        _isAlive = await Links.FindAsync(Token, Context.RequestAborted) is { User: null };
    }

    private async Task CreateAsync()
    {
        try
        {
            Typed.RequireSame();
            await Accounts.CreateFirstByLinkAsync(Token!, Typed.Email, Typed.Password, Context.RequestAborted);
            await Desk.PasswordAsync(Typed.Email, Typed.Password, isPersistent: false, Context.RequestAborted);
            Navigation.NavigateTo(LocalUrl.Home);
        }
        catch (SyncException e)
        {
            _trouble = e;
        }
        Typed.Clear();
    }

    internal sealed class Form : PasswordForm
    {
        public string Email { get; set; } = string.Empty;
    }
}
