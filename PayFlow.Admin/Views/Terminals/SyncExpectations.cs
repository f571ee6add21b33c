using Npgsql;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Cron;
using PayFlow.Admin.Remote.Events;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Views.Terminals;

/// <summary>When terminals should be synced: by the schedules that name them, where one that rests expects nothing; or, elsewhere, by themselves.</summary>
internal sealed class SyncExpectations(NpgsqlDataSource central, ListeningTills? listening = null)
{
    private const string Select = "SELECT name, cron, zone, terminals FROM console.schedules WHERE paused_at IS NULL ORDER BY name";

    /// <summary>An agent's pauses differ by a third, and a run takes its time.</summary>
    private const double Slack = 1.5;

    // Whose file lies beside a host is no till elsewhere any more.
    private const string Devices = """
        SELECT d.terminal_id, coalesce(d.interval_seconds, 60), d.last_seen_at
        FROM console.devices d JOIN payflow.terminals t ON t.id = d.terminal_id
        WHERE d.revoked_at IS NULL AND t.file_path IS NULL
        """;

    /// <returns>Finds the expectation of a terminal by its id; null for one that no schedule names.</returns>
    public async Task<Func<string, SyncExpectation?>> ReadAsync(CancellationToken cancellationToken)
    {
        var elsewhere = await ReadDevicesAsync(cancellationToken);
        var scheduled = await ReadSchedulesAsync(cancellationToken);
        return terminal => elsewhere.GetValueOrDefault(terminal) ?? scheduled(terminal);
    }

    private async Task<Dictionary<string, SyncExpectation>> ReadDevicesAsync(CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand(Devices);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var agents = new Dictionary<string, SyncExpectation>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var interval = TimeSpan.FromSeconds(reader.GetInt32(1));
            var line = new AgentLine(reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2), listening?.IsListening(reader.GetString(0)) ?? false);
            agents.Add(reader.GetString(0), new SyncExpectation("its agent", last => last + interval * Slack) { Agent = line });
        }
        return agents;
    }

    private async Task<Func<string, SyncExpectation?>> ReadSchedulesAsync(CancellationToken cancellationToken)
    {
        await using var command = central.CreateCommand(Select);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var schedules = new List<(SyncExpectation Expectation, string[]? Terminals)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (Next(reader.GetString(0), reader.GetString(1), reader.GetString(2)) is { } next)
                schedules.Add((new SyncExpectation(reader.GetString(0), next), reader.IsDBNull(3) ? null : reader.GetFieldValue<string[]>(3)));
        }
        return terminal => SyncExpectation.Of([.. schedules.Where(s => s.Terminals is null || s.Terminals.Contains(terminal)).Select(s => s.Expectation)]);
    }

    // What this host cannot read it expects nothing of; the list of schedules says why.
    private static Func<DateTimeOffset, DateTimeOffset?>? Next(string name, string cron, string zone)
    {
        try
        {
            return CronSchedule.Parse(cron, zone, name).Next;
        }
        catch (SyncException)
        {
            return null;
        }
    }
}
