using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PayFlow.Admin.Data;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Security;

/// <summary>
/// Changes who may sign in and as what. Each change is one transaction with its audit entry, and ends the user's sessions where it takes something away. There is always an administrator who may sign in.
/// </summary>
internal sealed class AccountDesk(IServiceScopeFactory scopes, OneTimeLinks links, TimeProvider time)
{
    /// <summary>Makes the first administrator; null, and nothing done, when there is one already.</summary>
    /// <exception cref="SyncException">The address or the password is no good.</exception>
    public Task<ConsoleAccount?> CreateFirstAsync(string email, string password, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(async change =>
        {
            if (await AccountLock.CountAdminsAsync(change.Connection, null, cancellationToken) > 0)
                return null;
            return await MakeFirstAsync(change, email, password, actor);
        }, cancellationToken);

    /// <summary>The same by a one-time link, which is used up.</summary>
    /// <exception cref="SyncException">The link does not work any more, or address or password are no good (then it still does).</exception>
    public Task<ConsoleAccount> CreateFirstByLinkAsync(string token, string email, string password, CancellationToken cancellationToken) =>
        ChangeAsync(async change =>
        {
            if (await OneTimeLinks.UseAsync(change.Connection, token, cancellationToken) is not { User: null } || await AccountLock.CountAdminsAsync(change.Connection, null, cancellationToken) > 0)
                throw LinkIsDead();
            return await MakeFirstAsync(change, email, password, email);
        }, cancellationToken);

    /// <summary>Makes an account without a password, and a link by which its user sets one.</summary>
    /// <exception cref="SyncException">The address is no good or taken.</exception>
    public async Task<AccountLink> InviteAsync(string email, string role, string actor, CancellationToken cancellationToken)
    {
        var account = await ChangeAsync(async change =>
        {
            var made = await change.CreateAsync(email, null, role, time.GetUtcNow());
            await change.AuditAsync(actor, "user.invite", made, new { role });
            return made;
        }, cancellationToken);
        return new AccountLink(account.Id, account.Email!, await links.CreateAsync(account.Id, cancellationToken));
    }

    /// <summary>A new link by which the user sets a password; until then the old one counts.</summary>
    public async Task<AccountLink> SendLinkAsync(Guid id, string actor, CancellationToken cancellationToken)
    {
        var account = await ChangeAsync(async change =>
        {
            var found = await change.FindAsync(id);
            await change.AuditAsync(actor, "user.link", found, new { purpose = found.PasswordHash is null ? "invitation" : "password reset" });
            return found;
        }, cancellationToken);
        return new AccountLink(account.Id, account.Email!, await links.CreateAsync(account.Id, cancellationToken));
    }

    /// <summary>Sets the password of a link's user, and uses the link up; all of the user's sessions end.</summary>
    /// <exception cref="SyncException">The link does not work any more, or the password is no good (then it still does).</exception>
    public Task<ConsoleAccount> SetPasswordByLinkAsync(string token, string password, CancellationToken cancellationToken) =>
        ChangeAsync(async change =>
        {
            if (await OneTimeLinks.UseAsync(change.Connection, token, cancellationToken) is not { User: { } id })
                throw LinkIsDead();
            var account = await change.FindAsync(id);
            await change.SetPasswordAsync(account, password);
            await change.AuditAsync(account.Email!, "user.password", account, new { by = "one-time link" });
            return account;
        }, cancellationToken);

    /// <summary>Gives another role; the user's sessions end.</summary>
    /// <exception cref="SyncException">It is the last administrator.</exception>
    public Task SetRoleAsync(Guid id, string role, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(async change =>
        {
            var account = await change.FindAsync(id);
            var before = await change.RoleAsync(account);
            if (before == role)
                return account;
            if (before == Roles.Admin && !account.IsDisabled)
                await change.RequireAnotherAdminAsync(account, "given another role");
            await change.SetRoleAsync(account, before, role);
            await change.EndSessionsAsync(account);
            await change.AuditAsync(actor, "user.role", account, new { before = new { role = before }, after = new { role } });
            return account;
        }, cancellationToken);

    /// <summary>Lets somebody sign in no more, or again; the sessions end.</summary>
    /// <exception cref="SyncException">It is the last administrator.</exception>
    public Task SetDisabledAsync(Guid id, bool isDisabled, string? reason, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(async change =>
        {
            var account = await change.FindAsync(id);
            if (account.IsDisabled == isDisabled)
                return account;
            if (isDisabled && await change.RoleAsync(account) == Roles.Admin)
                await change.RequireAnotherAdminAsync(account, "disabled");
            account.IsDisabled = isDisabled;
            await change.EndSessionsAsync(account);
            await change.AuditAsync(actor, isDisabled ? "user.disable" : "user.enable", account, new { reason });
            return account;
        }, cancellationToken);

    /// <summary>Removes an account for good; the audit keeps its address.</summary>
    /// <exception cref="SyncException">It is the last administrator.</exception>
    public Task DeleteAsync(Guid id, string? reason, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(async change =>
        {
            var account = await change.FindAsync(id);
            var role = await change.RoleAsync(account);
            if (role == Roles.Admin && !account.IsDisabled)
                await change.RequireAnotherAdminAsync(account, "removed");
            AccountChange.Require(await change.Users.DeleteAsync(account));
            await change.AuditAsync(actor, "user.delete", account, new { reason, before = new { role } });
            return account;
        }, cancellationToken);

    /// <summary>Ends a lock that failed attempts have caused.</summary>
    public Task UnlockAsync(Guid id, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(async change =>
        {
            var account = await change.FindAsync(id);
            AccountChange.Require(await change.Users.SetLockoutEndDateAsync(account, null));
            AccountChange.Require(await change.Users.ResetAccessFailedCountAsync(account));
            await change.AuditAsync(actor, "user.unlock", account, new { });
            return account;
        }, cancellationToken);

    /// <summary>Takes a lost second factor away; the sessions end.</summary>
    public Task ResetTwoFactorAsync(Guid id, string? reason, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(async change =>
        {
            var account = await change.FindAsync(id);
            AccountChange.Require(await change.Users.SetTwoFactorEnabledAsync(account, false));
            AccountChange.Require(await change.Users.ResetAuthenticatorKeyAsync(account));
            await change.AuditAsync(actor, "user.two-factor-reset", account, new { reason });
            return account;
        }, cancellationToken);

    /// <summary>Whether anybody can administer the console.</summary>
    public Task<bool> HasAdminAsync(CancellationToken cancellationToken) =>
        ChangeAsync(async change => await AccountLock.CountAdminsAsync(change.Connection, null, cancellationToken) > 0, cancellationToken);

    private static SyncException LinkIsDead() =>
        new(SyncErrorCode.InvalidConfiguration, "This link does not work any more: it was used, is older than 24 hours, or another one took its place", "Ask an administrator for a new one. For the first administrator, start the host again: it prints one.");

    private async Task<ConsoleAccount> MakeFirstAsync(AccountChange change, string email, string password, string actor)
    {
        var account = await change.CreateAsync(email, password, Roles.Admin, time.GetUtcNow());
        await OneTimeLinks.ClearSetUpAsync(change.Connection, change.Cancelled);
        await change.AuditAsync(actor, "user.first-admin", account, new { role = Roles.Admin });
        return account;
    }

    private async Task<T> ChangeAsync<T>(Func<AccountChange, Task<T>> change, CancellationToken cancellationToken)
    {
        try
        {
            return await ChangeAloneAsync(change, cancellationToken);
        }
        catch (Exception e) when (e is not SyncException && Failures.IsOfCentral(e))
        {
            throw Failures.Translate(e);
        }
    }

    private async Task<T> ChangeAloneAsync<T>(Func<AccountChange, Task<T>> change, CancellationToken cancellationToken)
    {
        // A context of its own: a page lives as long as its circuit, and what it has read would be old.
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ConsoleContext>();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ConsoleAccount>>();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var connection = (NpgsqlConnection)context.Database.GetDbConnection();
        await AccountLock.TakeAsync(connection, cancellationToken);
        var result = await change(new AccountChange(users, connection, cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return result;
    }
}
