using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Npgsql;
using PayFlow.Admin.Data;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Security;

/// <summary>What somebody changes about their own sign-in: password and second factor. For plain requests only, because it renews the cookie.</summary>
internal sealed class OwnAccount(UserManager<ConsoleAccount> users, ConsoleSignInManager signIn, FailedAttempts attempts, NpgsqlDataSource central)
{
    private const int RecoveryCodes = 10;

    /// <exception cref="SyncException">The session's account is gone.</exception>
    public async Task<ConsoleAccount> GetAsync(ClaimsPrincipal principal) => await users.GetUserAsync(principal)
        ?? throw new SyncException(SyncErrorCode.NotPermitted, "This account is not there any more", "Sign in with another one.");

    /// <summary>Changes the password; the account's other sessions and tokens end, this one goes on.</summary>
    /// <exception cref="SyncException">The current password is wrong, or the new one is no good.</exception>
    public async Task ChangePasswordAsync(ClaimsPrincipal principal, string current, string next, CancellationToken cancellationToken)
    {
        var account = await GetAsync(principal);
        await RequirePasswordAsync(account, current, "The current password is wrong", cancellationToken);
        AccountChange.Require(await users.ChangePasswordAsync(account, current, next));
        await signIn.RefreshSignInAsync(account);
        await AuditAsync(account, "user.password", new { by = "its user" }, cancellationToken);
    }

    /// <summary>The key to type into an authenticator, and the same as an address that its app opens; made when there is none.</summary>
    public async Task<(string Key, string Uri)> AuthenticatorAsync(ClaimsPrincipal principal)
    {
        var account = await GetAsync(principal);
        var key = await users.GetAuthenticatorKeyAsync(account);
        if (string.IsNullOrEmpty(key))
        {
            // Where Identity's store looks for it. Its own way to make one ends all sessions and tokens, which looking at a page must not.
            key = users.GenerateNewAuthenticatorKey();
            AccountChange.Require(await users.SetAuthenticationTokenAsync(account, "[AspNetUserStore]", "AuthenticatorKey", key));
        }
        var uri = string.Create(CultureInfo.InvariantCulture, $"otpauth://totp/{Uri.EscapeDataString("PayFlow Sync")}:{Uri.EscapeDataString(account.Email!)}?secret={key}&issuer={Uri.EscapeDataString("PayFlow Sync")}&digits=6");
        return (string.Join(' ', key!.ToLowerInvariant().Chunk(4).Select(c => new string(c))), uri);
    }

    /// <summary>Turns the second factor on, if the code shows that the authenticator works.</summary>
    /// <returns>Codes for the day when the device is lost; they cannot be shown again.</returns>
    /// <exception cref="SyncException">The code is wrong.</exception>
    public async Task<IReadOnlyList<string>> EnableTwoFactorAsync(ClaimsPrincipal principal, string code, CancellationToken cancellationToken)
    {
        var account = await GetAsync(principal);
        var typed = (code ?? string.Empty).Replace(" ", string.Empty, StringComparison.Ordinal).Replace("-", string.Empty, StringComparison.Ordinal);
        if (!await users.VerifyTwoFactorTokenAsync(account, users.Options.Tokens.AuthenticatorTokenProvider, typed))
            throw new SyncException(SyncErrorCode.ValueRefused, "The code is wrong", "Codes change every 30 seconds; the clock of the device that shows them must be right.");
        AccountChange.Require(await users.SetTwoFactorEnabledAsync(account, true));
        var codes = await users.GenerateNewTwoFactorRecoveryCodesAsync(account, RecoveryCodes);
        await signIn.RefreshSignInAsync(account);
        await AuditAsync(account, "user.two-factor-on", new { }, cancellationToken);
        return [.. codes ?? []];
    }

    /// <summary>Turns the second factor off, for which the password is asked once more.</summary>
    /// <exception cref="SyncException">The password is wrong.</exception>
    public async Task DisableTwoFactorAsync(ClaimsPrincipal principal, string password, CancellationToken cancellationToken)
    {
        var account = await GetAsync(principal);
        await RequirePasswordAsync(account, password, "The password is wrong", cancellationToken);
        AccountChange.Require(await users.SetTwoFactorEnabledAsync(account, false));
        AccountChange.Require(await users.ResetAuthenticatorKeyAsync(account));
        await signIn.RefreshSignInAsync(account);
        await AuditAsync(account, "user.two-factor-off", new { }, cancellationToken);
    }

    private async Task RequirePasswordAsync(ConsoleAccount account, string password, string message, CancellationToken cancellationToken)
    {
        var isRight = await users.CheckPasswordAsync(account, password);
        // Whoever sits at somebody else's open session may not guess on while the account is locked.
        if (!await attempts.IsOpenAsync(account, cancellationToken))
            throw Wrong(message);
        if (isRight)
            return;
        await attempts.CountAsync(account, cancellationToken);
        throw Wrong(message);
    }

    private static SyncException Wrong(string message) => new(SyncErrorCode.NotPermitted, message, "After 5 failed attempts the account is locked for 15 minutes.");

    private async Task AuditAsync(ConsoleAccount account, string action, object detail, CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await AuditLog.WriteAsync(connection, new AuditRow { Actor = account.Email!, Action = action, Key = account.Email, Detail = AuditLog.Detail(detail) }, cancellationToken);
    }
}
