using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Schedules;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Api;

/// <summary>Gathers how the chain stands from what the pages read.</summary>
internal sealed class SyncStatusReader(TerminalReader terminals, JobBoard board, ScheduleDesk schedules, Npgsql.NpgsqlDataSource central, TimeProvider time)
{
    private const int MaxTerminals = 10_000;

    public async Task<StatusResponse> ReadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var rows = (await terminals.ListAsync(new TerminalFilter(), new PageRequest(1, MaxTerminals), cancellationToken)).Items;
        var conflicts = await new ConflictDesk(central).CountAsync(new ConflictFilter { State = ConflictState.Open }, cancellationToken);
        return new StatusResponse
        {
            At = now,
            Hosts = await board.HostsAsync(cancellationToken),
            Terminals = [.. rows.Select(r => TerminalStatusResponse.Of(r, now))],
            Queue = rows.SelectMany(r => r.Queue).GroupBy(q => q.Key).ToDictionary(g => g.Key, g => g.Sum(q => q.Value)),
            OpenConflicts = conflicts.Sum(c => c.Conflicts),
            Jobs = await board.CountAsync(cancellationToken),
            Schedules = [.. (await schedules.ListAsync(cancellationToken)).OrderByDescending(s => s.Name == DefaultSchedule.Name).ThenBy(s => s.Name, StringComparer.Ordinal).Select(ScheduleResponse.Of)],
        };
    }
}
