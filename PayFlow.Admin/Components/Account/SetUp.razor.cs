using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Security;

namespace PayFlow.Admin.Components.Account;

/// <summary>Makes the first administrator, for whoever has the link that the host printed.</summary>
public sealed partial class SetUp : OneTimeLinkPage
{
    [SupplyParameterFromForm(FormName = "set-up")]
    private Form Typed { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        Typed ??= new();
        IsAlive = await Links.FindAsync(Token, Context.RequestAborted) is { User: null };
    }

    private Task CreateAsync() => TryAsync(Typed, async () =>
    {
        await Accounts.CreateFirstByLinkAsync(Token!, Typed.Email, Typed.Password, Context.RequestAborted);
        await Desk.PasswordAsync(Typed.Email, Typed.Password, isPersistent: false, Context.RequestAborted);
        Navigation.NavigateTo(LocalUrl.Home);
    });

    internal sealed class Form : PasswordForm
    {
        public string Email { get; set; } = string.Empty;
    }
}
