using Npgsql;
using NpgsqlTypes;

namespace PayFlow.Admin.Views.Terminals;

/// <summary>Reads which device is a terminal, and which codes are open.</summary>
internal sealed class DeviceReader(NpgsqlDataSource central)
{
    private const string Device = """
        SELECT registered_at, last_seen_at, interval_seconds, may_resolve, revoked_at, revoked_by, revoked_reason
        FROM console.devices WHERE terminal_id = $1 ORDER BY revoked_at DESC NULLS FIRST LIMIT 1
        """;

    private const string Codes = """
        SELECT encode(code_hash, 'hex'), terminal_id, name, created_at, created_by, expires_at, count(*) OVER ()
        FROM console.device_codes WHERE attempt_hash IS NULL AND expires_at > now()
        ORDER BY created_at DESC, code_hash OFFSET $1 LIMIT $2
        """;

    /// <summary>The device of a terminal; null for one that never was elsewhere.</summary>
    public async Task<DeviceRow?> FindAsync(string terminal, CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand(Device);
        command.Parameters.Add(new() { Value = terminal, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        return new DeviceRow(
            reader.GetFieldValue<DateTimeOffset>(0),
            reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1),
            reader.IsDBNull(2) ? null : TimeSpan.FromSeconds(reader.GetInt32(2)),
            reader.GetBoolean(3),
            reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4),
            reader.IsDBNull(5) ? null : reader.GetString(5),
            reader.IsDBNull(6) ? null : reader.GetString(6));
    }

    /// <summary>Codes that still let somebody in, the newest first.</summary>
    public async Task<Page<OpenCode>> ListCodesAsync(PageRequest page, CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand(Codes);
        command.Parameters.Add(new() { Value = page.Offset });
        command.Parameters.Add(new() { Value = (long)page.Size });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (codes, total) = (new List<OpenCode>(), 0L);
        while (await reader.ReadAsync(cancellationToken))
        {
            codes.Add(new OpenCode(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5)));
            total = reader.GetInt64(6);
        }
        return new Page<OpenCode>(codes, total);
    }
}
