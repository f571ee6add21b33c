using Microsoft.AspNetCore.Identity;
using Npgsql;
using PayFlow.Admin.Data;

namespace PayFlow.Admin.Security;

/// <summary>
/// Counts wrong passwords and wrong codes, and locks the account behind the fifth. Counted by the database: of attempts at the same moment Identity's own counting keeps one, and a guesser would never be locked out.
/// </summary>
internal sealed class FailedAttempts(UserManager<ConsoleAccount> users, NpgsqlDataSource central, TimeProvider time)
{
    // A count of zero says that this attempt was the last one: it begins anew when the lock ends.
    private const string CountFailure = """
        UPDATE console.users SET
          access_failed_count = CASE WHEN access_failed_count + 1 >= $2 THEN 0 ELSE access_failed_count + 1 END,
          lockout_end = CASE WHEN access_failed_count + 1 >= $2 THEN $3 ELSE lockout_end END,
          concurrency_stamp = gen_random_uuid()::text
        WHERE id = $1 RETURNING access_failed_count = 0, lockout_end
        """;

    // Not by the account's stamp: two sign-ins at the same moment are both right.
    private const string Forgive = "UPDATE console.users SET access_failed_count = 0 WHERE id = $1 AND (lockout_end IS NULL OR lockout_end <= $2) RETURNING true";

    // What is known of the account may be older than the attempt that locked it.
    private const string IsOpen = "SELECT true FROM console.users WHERE id = $1 AND (lockout_end IS NULL OR lockout_end <= $2)";

    /// <summary>One more; true when it locks the account.</summary>
    public async Task<bool> CountAsync(ConsoleAccount account, CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand(CountFailure);
        command.Parameters.Add(new() { Value = account.Id });
        command.Parameters.Add(new() { Value = users.Options.Lockout.MaxFailedAccessAttempts });
        command.Parameters.Add(new() { Value = time.GetUtcNow() + users.Options.Lockout.DefaultLockoutTimeSpan });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return false;
        account.LockoutEnd = reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1);
        return reader.GetBoolean(0);
    }

    /// <summary>Forgets them, because a right one came; false, and nothing forgotten, when others have locked the account meanwhile.</summary>
    public Task<bool> ForgiveAsync(ConsoleAccount account, CancellationToken cancellationToken) => AskAsync(Forgive, account, cancellationToken);

    /// <summary>Whether the account is not locked at this moment.</summary>
    public Task<bool> IsOpenAsync(ConsoleAccount account, CancellationToken cancellationToken) => AskAsync(IsOpen, account, cancellationToken);

    private async Task<bool> AskAsync(string sql, ConsoleAccount account, CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand(sql);
        command.Parameters.Add(new() { Value = account.Id });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }
}
