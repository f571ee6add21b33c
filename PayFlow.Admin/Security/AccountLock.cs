using Npgsql;

namespace PayFlow.Admin.Security;

/// <summary>Who changes users does it alone: "there is always an administrator" cannot be promised by two transactions that do not see each other.</summary>
internal static class AccountLock
{
    private const long Key = (0x5046434EL << 32) | 3;

    private const string Lock = "SELECT pg_advisory_xact_lock($1)";

    private const string Admins = """
        SELECT count(*) FROM console.users u JOIN console.user_roles ur ON ur.user_id = u.id JOIN console.roles r ON r.id = ur.role_id
        WHERE r.name = 'Admin' AND NOT u.is_disabled AND ($1::uuid IS NULL OR u.id <> $1)
        """;

    /// <summary>Waits for the others; held until the transaction ends.</summary>
    public static async Task TakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Lock, connection) { Parameters = { new() { Value = Key } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>How many administrators may sign in, <paramref name="without"/> one of them.</summary>
    public static async Task<long> CountAdminsAsync(NpgsqlConnection connection, Guid? without, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Admins, connection);
        command.Parameters.Add(new() { Value = (object?)without ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
