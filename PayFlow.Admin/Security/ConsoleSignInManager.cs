using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using PayFlow.Admin.Data;

namespace PayFlow.Admin.Security;

/// <summary>Identity's sign-in, which a disabled account does not pass.</summary>
internal sealed class ConsoleSignInManager(
    UserManager<ConsoleAccount> users,
    IHttpContextAccessor context,
    IUserClaimsPrincipalFactory<ConsoleAccount> principals,
    IOptions<IdentityOptions> options,
    ILogger<SignInManager<ConsoleAccount>> logger,
    IAuthenticationSchemeProvider schemes,
    IUserConfirmation<ConsoleAccount> confirmation)
    : SignInManager<ConsoleAccount>(users, context, principals, options, logger, schemes, confirmation)
{
    public override Task<bool> CanSignInAsync(ConsoleAccount user) => user.IsDisabled ? Task.FromResult(false) : base.CanSignInAsync(user);

    /// <summary>Signs somebody in whose password has been checked; or asks for the second factor, where there is one.</summary>
    public Task<SignInResult> SignInCheckedAsync(ConsoleAccount account, bool isPersistent) => SignInOrTwoFactorAsync(account, isPersistent);

    /// <summary>Signs somebody in whose password and code have been checked; what was remembered between the two is forgotten.</summary>
    public async Task SignInBehindCodeAsync(ConsoleAccount account, bool isPersistent)
    {
        await Context.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
        await SignInWithClaimsAsync(account, isPersistent, [new Claim("amr", "mfa")]);
    }
}
