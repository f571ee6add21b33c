using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Live;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views.Users;

namespace PayFlow.Admin.Components.Pages.Users;

/// <summary>One user: role, sign-in, second factor. Each action is checked again here, and written to the audit by the desk.</summary>
public sealed partial class UserPage
{
    private UserRow? _user;
    private string? _role;
    private AccountLink? _link;
    private ConfirmDialog? _resetFactor;
    private ConfirmDialog? _disable;
    private ConfirmDialog? _delete;

    [Parameter]
    public Guid Id { get; set; }

    [Inject]
    internal UserReader Reader { get; set; } = null!;

    [Inject]
    internal AccountDesk Accounts { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    private protected override LiveTopic Topics => LiveTopic.Users;

    private protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        User.RequireAdminister();
        _user = await Reader.FindAsync(Id, cancellationToken);
        _role ??= _user?.Role;
    }

    private Task ChangeRoleAsync() => AdministerAsync(() => Accounts.SetRoleAsync(Id, _role!, User.Name, Left));

    private Task SendLinkAsync() => AdministerAsync(async () => _link = await Accounts.SendLinkAsync(Id, User.Name, Left));

    private Task UnlockAsync() => AdministerAsync(() => Accounts.UnlockAsync(Id, User.Name, Left));

    private Task EnableAsync() => AdministerAsync(() => Accounts.SetDisabledAsync(Id, false, null, User.Name, Left));

    private Task ResetFactorAsync(string? reason) => ConfirmedAsync(() => Accounts.ResetTwoFactorAsync(Id, reason, User.Name, Left));

    private Task DisableAsync(string? reason) => ConfirmedAsync(() => Accounts.SetDisabledAsync(Id, true, reason, User.Name, Left));

    private async Task DeleteAsync(string? reason)
    {
        await ConfirmedAsync(() => Accounts.DeleteAsync(Id, reason, User.Name, Left));
        Navigation.NavigateTo(Urls.UserList);
    }

    // What fails stays in the dialog.
    private async Task ConfirmedAsync(Func<Task> action)
    {
        User.RequireAdminister();
        (Trouble, _link) = (null, null);
        await action();
        await ReloadAsync();
    }

    private Task AdministerAsync(Func<Task> action) => ActAsync(() => ConfirmedAsync(action));
}
