using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Admin.Views.Users;

/// <summary>Reads who may sign in.</summary>
internal sealed class UserReader(NpgsqlDataSource central)
{
    private const string List = """
        SELECT u.id, u.email, coalesce(r.name, ''), u.is_disabled, u.password_hash IS NOT NULL, u.two_factor_enabled, u.lockout_end, u.created_at, u.last_sign_in_at, count(*) OVER ()
        FROM console.users u LEFT JOIN console.user_roles ur ON ur.user_id = u.id LEFT JOIN console.roles r ON r.id = ur.role_id
        WHERE ($1::text IS NULL OR strpos(lower(u.email), lower($1)) > 0) AND ($2::text IS NULL OR r.name = $2) AND ($3::uuid IS NULL OR u.id = $3)
        ORDER BY lower(u.email), u.id
        OFFSET $4 LIMIT $5
        """;

    /// <summary>A page of users by address.</summary>
    public async Task<Page<UserRow>> ListAsync(string? text, string? role, PageRequest page, CancellationToken cancellationToken) => await ReadAsync(text, role, null, page, cancellationToken);

    /// <summary>One user; null when there is none of that id.</summary>
    public async Task<UserRow?> FindAsync(Guid id, CancellationToken cancellationToken) => (await ReadAsync(null, null, id, new PageRequest(1, 1), cancellationToken)).Items.SingleOrDefault();

    private async Task<Page<UserRow>> ReadAsync(string? text, string? role, Guid? id, PageRequest page, CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand(List);
        foreach (var value in new[] { text, role })
            command.Parameters.Add(new() { Value = (object?)QueryText.Term(value) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = page.Offset });
        command.Parameters.Add(new() { Value = (long)page.Size });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (users, total) = (new List<UserRow>(), 0L);
        while (await reader.ReadAsync(cancellationToken))
        {
            users.Add(new UserRow(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3), reader.GetBoolean(4), reader.GetBoolean(5), Instant(reader, 6), reader.GetFieldValue<DateTimeOffset>(7), Instant(reader, 8)));
            total = reader.GetInt64(9);
        }
        return new Page<UserRow>(users, total);
    }

    private static DateTimeOffset? Instant(NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetFieldValue<DateTimeOffset>(ordinal);
}
