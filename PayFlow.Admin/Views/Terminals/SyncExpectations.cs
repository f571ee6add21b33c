using Npgsql;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Cron;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Views.Terminals;

/// <summary>Which schedules name a terminal. One that rests expects nothing.</summary>
internal sealed class SyncExpectations(NpgsqlDataSource central)
{
    private const string Select = "SELECT name, cron, zone, terminals FROM console.schedules WHERE paused_at IS NULL ORDER BY name";

    /// <returns>Finds the expectation of a terminal by its id; null for one that no schedule names.</returns>
    public async Task<Func<string, SyncExpectation?>> ReadAsync(CancellationToken cancellationToken)
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
