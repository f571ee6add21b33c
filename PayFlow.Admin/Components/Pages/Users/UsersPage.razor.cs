using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Live;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Users;

namespace PayFlow.Admin.Components.Pages.Users;

/// <summary>Who may sign in, and inviting more.</summary>
public sealed partial class UsersPage
{
    private Page<UserRow> _users = new Page<UserRow>([], 0);
    private string? _text;
    private string? _role;
    private string? _inviteEmail;
    private string _inviteRole = Roles.Viewer;
    private AccountLink? _link;
    private string? _shownUrl;

    [Inject]
    internal UserReader Reader { get; set; } = null!;

    [Inject]
    internal AccountDesk Accounts { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "text")]
    private string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "role")]
    private string? Role { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    private string? Number { get; set; }

    private protected override LiveTopic Topics => LiveTopic.Users;

    private PageRequest Page => PageRequest.Of(Number);

    private protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        User.RequireAdminister();
        if (_shownUrl != Navigation.Uri)
            (_shownUrl, _text, _role) = (Navigation.Uri, Text, Role);
        _users = await Reader.ListAsync(Text, Role, Page, cancellationToken);
    }

    private Task InviteAsync() => ActAsync(async () =>
    {
        _link = null;
        User.RequireAdminister();
        _link = await Accounts.InviteAsync(_inviteEmail ?? string.Empty, _inviteRole, User.Name, Left);
        _inviteEmail = null;
        await ReloadAsync();
    });

    private string PageUrl(int number) => Urls.Page(Urls.Users(Text, Role), number);

    private void Apply() => Navigation.NavigateTo(Urls.Users(_text?.Trim(), _role));
}
