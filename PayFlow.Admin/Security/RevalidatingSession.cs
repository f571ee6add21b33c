using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using PayFlow.Admin.Data;
using PayFlow.Admin.Output;

namespace PayFlow.Admin.Security;

/// <summary>Looks again and again whether whoever has a page open may still be there: an open page sends no requests whose cookie could be checked.</summary>
internal sealed class RevalidatingSession(ILoggerFactory loggers, IServiceScopeFactory scopes, SecuritySettings settings, IOptions<IdentityOptions> options) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => settings.SessionCheck;

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            return await IsAliveAsync(scope.ServiceProvider.GetRequiredService<UserManager<ConsoleAccount>>(), authenticationState.User, options.Value.ClaimsIdentity.SecurityStampClaimType);
        }
        catch (Exception e) when (Failures.IsOfCentral(e))
        {
            // Nothing can be done without central, so nothing is given away; to be signed out would take every open page along, and what was typed there. The next look counts.
            return true;
        }
    }

    /// <summary>Whether the account is there, enabled, and has not been changed since it signed in.</summary>
    public static async Task<bool> IsAliveAsync(UserManager<ConsoleAccount> users, ClaimsPrincipal principal, string stampClaim) =>
        await users.GetUserAsync(principal) is { IsDisabled: false } account && principal.FindFirstValue(stampClaim) == await users.GetSecurityStampAsync(account);
}
