using Npgsql;
using PayFlow.Admin.Jobs.Cron;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Jobs.Schedules;

/// <summary>What is wrong with a draft, field by field.</summary>
internal static class ScheduleCheck
{
    private const int MaxName = 100;

    /// <summary>What can be said without looking at central; for a form while somebody types.</summary>
    public static IReadOnlyList<ScheduleError> Check(ScheduleDraft draft)
    {
        var errors = new List<ScheduleError>();
        void Wrong(string field, string message) => errors.Add(new ScheduleError(field, message));

        if (string.IsNullOrWhiteSpace(draft.Name))
            Wrong(nameof(draft.Name), "Give it a name, such as every-hour.");
        else if (draft.Name.Trim().Length > MaxName || draft.Name.Any(char.IsControl))
            Wrong(nameof(draft.Name), $"Use 1 to {MaxName} characters, none of them a control character.");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(draft.Zone, out var zone) || !zone.HasIanaId)
            Wrong(nameof(draft.Zone), $"There is no time zone {draft.Zone}: use an IANA name, such as Europe/Berlin or UTC.");
        if (CronReason(draft.Cron, zone ?? TimeZoneInfo.Utc) is { } reason)
            Wrong(nameof(draft.Cron), $"This is no schedule: {reason}.");
        if (draft.Terminals is { Count: 0 })
            Wrong(nameof(draft.Terminals), "Choose a terminal, or all of them.");
        if (draft.Tables is { Count: 0 })
            Wrong(nameof(draft.Tables), "Choose a table, or all of them.");
        if (draft.Retry.Attempts is < 1 or > JobRetry.MaxAttempts)
            Wrong(nameof(JobRetry.Attempts), $"Make it 1 to {JobRetry.MaxAttempts} attempts.");
        if (draft.Retry.FirstDelay < TimeSpan.FromSeconds(1) || draft.Retry.FirstDelay > JobRetry.MaxDelay)
            Wrong(nameof(JobRetry.FirstDelay), "Make it a second to a day.");
        if (draft.Retry.LongestDelay > JobRetry.MaxDelay)
            Wrong(nameof(JobRetry.LongestDelay), "Make it a day at most.");
        else if (draft.Retry.LongestDelay < draft.Retry.FirstDelay)
            Wrong(nameof(JobRetry.LongestDelay), "The pause grows from the first to the longest: make the longest no shorter than the first.");
        return errors;
    }

    /// <summary>The same, and whether its terminals and tables are there and its name is free.</summary>
    /// <param name="central">Where to look.</param>
    /// <param name="draft">What somebody wants.</param>
    /// <param name="own">The schedule that is to become so; null for a new one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IReadOnlyList<ScheduleError>> CheckAsync(NpgsqlDataSource central, ScheduleDraft draft, Guid? own, CancellationToken cancellationToken)
    {
        var errors = new List<ScheduleError>(Check(draft));
        if (draft.Terminals is { Count: > 0 } terminals)
        {
            var known = (await new TerminalRegistry(central).ListAsync(cancellationToken)).Select(t => t.Id).ToHashSet(StringComparer.Ordinal);
            if (terminals.FirstOrDefault(t => !known.Contains(t)) is { } unknown)
                errors.Add(new ScheduleError(nameof(draft.Terminals), $"Central does not know a terminal {unknown}."));
        }
        if (draft.Tables is { Count: > 0 } tables)
        {
            var known = (await new TableMapStore(central).LoadAsync(cancellationToken)).Map.Tables.Select(t => t.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            if (tables.FirstOrDefault(t => !known.Contains(t)) is { } unknown)
                errors.Add(new ScheduleError(nameof(draft.Tables), $"There is no synced table {unknown}."));
        }
        // A name that cannot be one is nobody else's.
        if (errors.Exists(e => e.Field == nameof(draft.Name)))
            return errors;
        await using var command = central.CreateCommand("SELECT EXISTS (SELECT FROM console.schedules WHERE lower(name) = lower($1) AND id <> $2)");
        command.Parameters.Add(new() { Value = draft.Name.Trim() });
        command.Parameters.Add(new() { Value = own ?? Guid.Empty });
        if (await command.ExecuteScalarAsync(cancellationToken) is true)
            errors.Add(new ScheduleError(nameof(draft.Name), "Another schedule has this name."));
        return errors;
    }

    private static string? CronReason(string cron, TimeZoneInfo zone)
    {
        try
        {
            CronSchedule.Read(cron, zone);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
