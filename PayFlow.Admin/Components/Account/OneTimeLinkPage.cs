using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Security;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Components.Account;

/// <summary>A page that somebody reaches by a link that works once, and where they set a password.</summary>
public abstract class OneTimeLinkPage : ComponentBase
{
    [Inject]
    internal OneTimeLinks Links { get; set; } = null!;

    [Inject]
    internal AccountDesk Accounts { get; set; } = null!;

    [Inject]
    internal SignInDesk Desk { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [CascadingParameter]
    internal HttpContext Context { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "token")]
    internal string? Token { get; set; }

    /// <summary>Whether the link still works.</summary>
    private protected bool IsAlive { get; set; }

    /// <summary>Why the last attempt failed; null when there was none.</summary>
    private protected SyncException? Trouble { get; private set; }

    /// <summary>Checks that both passwords are the same, does the work, and forgets the passwords in any case.</summary>
    private protected async Task TryAsync(PasswordForm typed, Func<Task> work)
    {
        try
        {
            typed.RequireSame();
            await work();
        }
        catch (SyncException e)
        {
            Trouble = e;
        }
        typed.Clear();
    }
}
