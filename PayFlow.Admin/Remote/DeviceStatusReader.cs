using Npgsql;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Remote;

/// <summary>Reads how a device's own terminal stands; nothing of another one.</summary>
internal sealed class DeviceStatusReader(NpgsqlDataSource central, TimeProvider time)
{
    private const string Read = "SELECT name, last_seen_at, last_run_id, last_status FROM payflow.terminals WHERE id = $1";

    /// <exception cref="SyncException">The terminal is not there any more.</exception>
    public async Task<DeviceStatus> ReadAsync(Device device, CancellationToken cancellationToken)
    {
        await using var connection = await central.OpenConnectionAsync(cancellationToken);
        var (open, decided) = await WaitingDecisions.CountAsync(connection, device.Terminal, cancellationToken);
        await using var command = new NpgsqlCommand(Read, connection) { Parameters = { new() { Value = device.Terminal } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            throw new SyncException(SyncErrorCode.IdentityMismatch, $"Central knows no terminal {device.Terminal} any more", "An administrator can give a new code: payflow terminals code --terminal ID") { Terminal = device.Terminal };
        return new DeviceStatus(
            device.Terminal,
            reader.IsDBNull(0) ? null : reader.GetString(0),
            reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1),
            reader.IsDBNull(2) ? null : reader.GetGuid(2),
            reader.IsDBNull(3) ? null : reader.GetString(3),
            open,
            decided,
            time.GetUtcNow());
    }
}
