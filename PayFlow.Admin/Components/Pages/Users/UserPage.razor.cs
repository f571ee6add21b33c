using Microsoft.AspNetCore.Components;
using Npgsql;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Live;
using PayFlow.Admin.Output;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views.Users;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Components.Pages.Users;

/// <summary>One user: role, sign-in, second factor. Each action is checked again here, and written to the audit by the desk.</summary>
public sealed partial class UserPage
{
    private UserRow? _user;
    private string? _role;
    private AccountLink? _link;
    private SyncException? _trouble;
    private bool _isBusy;
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

    private Task ChangeRoleAsync() => ActAsync(() => Accounts.SetRoleAsync(Id, _role!, User.Name, Left));

    private Task SendLinkAsync() => ActAsync(async () => _link = await Accounts.SendLinkAsync(Id, User.Name, Left));

    private Task UnlockAsync() => ActAsync(() => Accounts.UnlockAsync(Id, User.Name, Left));

    private Task EnableAsync() => ActAsync(() => Accounts.SetDisabledAsync(Id, false, null, User.Name, Left));

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
        (_trouble, _link) = (null, null);
        await action();
        await ReloadAsync();
    }

    private async Task ActAsync(Func<Task> action)
    {
        (_isBusy, _trouble, _link) = (true, null, null);
        try
        {
            User.RequireAdminister();
            await action();
            await ReloadAsync();
        }
        catch (Exception e) when (e is SyncException or NpgsqlException or TimeoutException)
        {
            _trouble = Failures.Translate(e);
        }
        finally
        {
            _isBusy = false;
        }
    }
}
