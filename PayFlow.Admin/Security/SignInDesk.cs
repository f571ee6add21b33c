using Microsoft.AspNetCore.Identity;
using Npgsql;
using PayFlow.Admin.Data;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Security;

/// <summary>Signs people in, for the pages (by cookie) and for the API (by token). What is told about a failure does not help a guesser.</summary>
internal sealed partial class SignInDesk(UserManager<ConsoleAccount> users, ConsoleSignInManager signIn, FailedAttempts attempts, NpgsqlDataSource central, TimeProvider time, ILogger<SignInDesk> logger)
{
    public const string Refusal = "E-mail address or password is wrong, or the account is locked: 5 failed attempts lock it for 15 minutes. An administrator can unlock it, or give you a new password link.";

    public const string CodeRefusal = "The code is wrong or has been used, or the account is locked. The clock of the device that shows it must be right.";

    // Not by the account's stamp: two sign-ins at the same moment are both right.
    private const string SignedIn = "UPDATE console.users SET last_sign_in_at = $2 WHERE id = $1";

    // Checked for an address that nobody has, so that this takes as long as for one that somebody has.
    private static readonly ConsoleAccount Nobody = new() { PasswordHash = new PasswordHasher<ConsoleAccount>().HashPassword(new ConsoleAccount(), Guid.NewGuid().ToString()) };

    /// <summary>Checks the password and sets the cookie.</summary>
    public async Task<SignInOutcome> PasswordAsync(string? email, string? password, bool isPersistent, CancellationToken cancellationToken)
    {
        var (account, outcome) = await CheckPasswordAsync(email, password, cancellationToken);
        if (account is null)
            return outcome;
        var result = await signIn.SignInCheckedAsync(account, isPersistent);
        if (result.RequiresTwoFactor)
            return SignInOutcome.CodeNeeded;
        await DoneAsync(account, "password", cancellationToken);
        return SignInOutcome.Done;
    }

    /// <summary>The second step: a code of the authenticator, or one of the recovery codes.</summary>
    public async Task<SignInOutcome> CodeAsync(string? code, bool isRecovery, bool isPersistent, CancellationToken cancellationToken)
    {
        if (await signIn.GetTwoFactorAuthenticationUserAsync() is not { } account)
            return SignInOutcome.Expired;
        // Nothing is found out while an account is locked, not even that a code is right.
        if (account.IsDisabled || !await attempts.IsOpenAsync(account, cancellationToken))
            return SignInOutcome.Refused;
        var isRight = isRecovery ? await RedeemAsync(account, Typed(code)) : await users.VerifyTwoFactorTokenAsync(account, TokenOptions.DefaultAuthenticatorProvider, Typed(code));
        if (!isRight)
        {
            await FailedAsync(account, cancellationToken);
            return SignInOutcome.Refused;
        }
        if (!await attempts.ForgiveAsync(account, cancellationToken))
            return SignInOutcome.Refused;
        await signIn.SignInBehindCodeAsync(account, isPersistent);
        await DoneAsync(account, isRecovery ? "password and recovery code" : "password and code", cancellationToken);
        return SignInOutcome.Done;
    }

    /// <summary>The same for the API, which has no second step: password and, where it is set up, the code, at once. Null account: the outcome says why.</summary>
    public async Task<(ConsoleAccount? Account, SignInOutcome Outcome)> CheckAsync(string? email, string? password, string? code, CancellationToken cancellationToken)
    {
        var (account, outcome) = await CheckPasswordAsync(email, password, cancellationToken);
        if (account is null)
            return (null, outcome);
        if (await users.GetTwoFactorEnabledAsync(account))
        {
            if (string.IsNullOrWhiteSpace(code))
                return (null, SignInOutcome.CodeNeeded);
            if (!await users.VerifyTwoFactorTokenAsync(account, TokenOptions.DefaultAuthenticatorProvider, Typed(code)))
            {
                await FailedAsync(account, cancellationToken);
                return (null, SignInOutcome.Refused);
            }
            if (!await attempts.ForgiveAsync(account, cancellationToken))
                return (null, SignInOutcome.Refused);
        }
        await DoneAsync(account, "API token", cancellationToken);
        return (account, SignInOutcome.Done);
    }

    // Spaces and hyphens are how people read codes out.
    private static string Typed(string? code) => (code ?? string.Empty).Replace(" ", string.Empty, StringComparison.Ordinal).Replace("-", string.Empty, StringComparison.Ordinal);

    private async Task<(ConsoleAccount? Account, SignInOutcome Outcome)> CheckPasswordAsync(string? email, string? password, CancellationToken cancellationToken)
    {
        var account = string.IsNullOrWhiteSpace(email) || email.Length > EmailAddress.MaxLength || email.Contains('\0', StringComparison.Ordinal) ? null : await users.FindByEmailAsync(email.Trim());
        // A very long password would be a way to keep the processor busy.
        var typed = password is { Length: <= 256 } ? password : string.Empty;
        if (account?.PasswordHash is null)
        {
            users.PasswordHasher.VerifyHashedPassword(Nobody, Nobody.PasswordHash!, typed);
            return (null, SignInOutcome.Refused);
        }
        var isRight = await users.CheckPasswordAsync(account, typed);
        // Nothing is found out while an account is locked, not even that a password is right.
        if (!await attempts.IsOpenAsync(account, cancellationToken))
            return (null, SignInOutcome.Refused);
        if (!isRight)
        {
            await FailedAsync(account, cancellationToken);
            return (null, SignInOutcome.Refused);
        }
        if (account.IsDisabled)
            return (null, SignInOutcome.Disabled);
        // With a second factor the count goes on until that is right as well; else codes could be tried without end.
        if (!await users.GetTwoFactorEnabledAsync(account) && !await attempts.ForgiveAsync(account, cancellationToken))
            return (null, SignInOutcome.Refused);
        return (account, SignInOutcome.Done);
    }

    // Identity takes no empty code; its codes are written with a hyphen in the middle. Each is good once.
    private async Task<bool> RedeemAsync(ConsoleAccount account, string code) =>
        code.Length > 0 && (await users.RedeemTwoFactorRecoveryCodeAsync(account, code.Length == 10 ? $"{code[..5]}-{code[5..]}".ToUpperInvariant() : code)).Succeeded;

    private async Task DoneAsync(ConsoleAccount account, string by, CancellationToken cancellationToken)
    {
        await using (var signed = central.CreateCommand(SignedIn))
        {
            signed.Parameters.Add(new() { Value = account.Id });
            signed.Parameters.Add(new() { Value = time.GetUtcNow() });
            await signed.ExecuteNonQueryAsync(cancellationToken);
        }
        await AuditAsync(account, "user.sign-in", new { by }, cancellationToken);
    }

    private async Task FailedAsync(ConsoleAccount account, CancellationToken cancellationToken)
    {
        if (!await attempts.CountAsync(account, cancellationToken))
            return;
        LogLocked(account.Email);
        await AuditAsync(account, "user.locked", new { until = account.LockoutEnd, reason = "failed attempts to sign in" }, cancellationToken);
    }

    private async Task AuditAsync(ConsoleAccount account, string action, object detail, CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        await AuditLog.WriteAsync(connection, new AuditRow { Actor = account.Email!, Action = action, Key = account.Email, Detail = AuditLog.Detail(detail) }, cancellationToken);
    }

    [LoggerMessage(1401, LogLevel.Warning, "The account {Email} is locked after failed attempts to sign in")]
    private partial void LogLocked(string? email);
}
