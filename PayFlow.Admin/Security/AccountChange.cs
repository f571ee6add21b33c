using Microsoft.AspNetCore.Identity;
using Npgsql;
using PayFlow.Admin.Data;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Security;

/// <summary>One change of the accounts under way: within one transaction, with everybody else who changes accounts waiting.</summary>
internal sealed class AccountChange(UserManager<ConsoleAccount> users, NpgsqlConnection connection, CancellationToken cancellationToken)
{
    public UserManager<ConsoleAccount> Users => users;

    public NpgsqlConnection Connection => connection;

    public CancellationToken Cancelled => cancellationToken;

    /// <exception cref="SyncException">There is no such account.</exception>
    public async Task<ConsoleAccount> FindAsync(Guid id) => await users.FindByIdAsync(id.ToString())
        ?? throw new SyncException(SyncErrorCode.Moved, "This user is not there any more", "Look again: the list of users shows who is.");

    public async Task<string> RoleAsync(ConsoleAccount account) => (await users.GetRolesAsync(account)).FirstOrDefault() ?? string.Empty;

    /// <summary>Makes an account with one role; without a password nobody can sign in to it yet.</summary>
    public async Task<ConsoleAccount> CreateAsync(string email, string? password, string role, DateTimeOffset now)
    {
        RequireRole(role);
        var address = EmailAddress.Parse(email);
        if (await users.FindByEmailAsync(address) is not null)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"There is a user {address} already", "Change that user's role, or send a new link.");
        var account = new ConsoleAccount { Id = Guid.CreateVersion7(now), UserName = address, Email = address, EmailConfirmed = true, CreatedAt = now };
        Require(password is null ? await users.CreateAsync(account) : await users.CreateAsync(account, password));
        Require(await users.AddToRoleAsync(account, role));
        return account;
    }

    public async Task SetRoleAsync(ConsoleAccount account, string from, string to)
    {
        RequireRole(to);
        if (from.Length > 0)
            Require(await users.RemoveFromRoleAsync(account, from));
        Require(await users.AddToRoleAsync(account, to));
    }

    /// <summary>Ends the user's sessions and tokens.</summary>
    public async Task EndSessionsAsync(ConsoleAccount account) => Require(await users.UpdateSecurityStampAsync(account));

    public async Task SaveAsync(ConsoleAccount account) => Require(await users.UpdateAsync(account));

    public async Task SetPasswordAsync(ConsoleAccount account, string password)
    {
        var token = await users.GeneratePasswordResetTokenAsync(account);
        Require(await users.ResetPasswordAsync(account, token, password));
        account.EmailConfirmed = true;
        Require(await users.SetLockoutEndDateAsync(account, null));
        Require(await users.ResetAccessFailedCountAsync(account));
    }

    /// <exception cref="SyncException">Nobody could administer the console without this user.</exception>
    public async Task RequireAnotherAdminAsync(ConsoleAccount account, string doing)
    {
        if (await AccountLock.CountAdminsAsync(connection, account.Id, cancellationToken) == 0)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{account.Email} is the last administrator, and was not {doing}", "Make somebody else an administrator first.");
    }

    public Task AuditAsync(string actor, string action, ConsoleAccount account, object detail) =>
        AuditLog.WriteAsync(connection, new AuditRow { Actor = actor, Action = action, Key = account.Email, Detail = AuditLog.Detail(detail) }, cancellationToken);

    /// <exception cref="SyncException">What Identity refuses, in its words.</exception>
    public static void Require(IdentityResult result)
    {
        if (result.Succeeded)
            return;
        var isRace = result.Errors.Any(e => e.Code == "ConcurrencyFailure");
        var words = string.Join(' ', result.Errors.Select(e => e.Description));
        throw isRace
            ? new SyncException(SyncErrorCode.Moved, "Somebody else changed this user at the same moment", "Look again, then decide.")
            : new SyncException(SyncErrorCode.ValueRefused, words.TrimEnd('.'), result.Errors.Any(e => e.Code.StartsWith("Password", StringComparison.Ordinal)) ? PasswordRules.InWords : null);
    }

    private static void RequireRole(string role)
    {
        if (!Roles.All.Contains(role))
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"'{role}' is no role", $"Roles are {string.Join(", ", Roles.All)}.");
    }
}
