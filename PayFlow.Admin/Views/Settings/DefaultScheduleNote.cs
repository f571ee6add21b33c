using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Schedules;
using PayFlow.Admin.Jobs.Settings;

namespace PayFlow.Admin.Views.Settings;

/// <summary>Says where the schedule that <c>SYNC_MODE</c> and <c>SYNC_CRON</c> make is another one than this host's environment says: it is kept in central, and others may have set it.</summary>
internal static class DefaultScheduleNote
{
    /// <param name="settings">This host's.</param>
    /// <param name="stored">The schedule as central has it; null when there is none.</param>
    public static string? Of(SyncSettings settings, ScheduleRecord? stored)
    {
        if (stored is null)
            return settings.Schedule is null ? null : $"There is no schedule \"{DefaultSchedule.Name}\" any more: it was deleted, and the next start of a host makes it again.";
        var isGiven = settings.Schedule is not null || settings.IsModeGiven;
        if (stored.IsInherited && settings.Schedule?.Text == (stored.IsPaused ? null : stored.Draft.Cron))
            return null;
        var stands = $"the schedule \"{DefaultSchedule.Name}\" is {stored.Draft.Cron} ({stored.Draft.Zone}){(stored.IsPaused ? " and paused" : string.Empty)}";
        return (stored.IsInherited, isGiven) switch
        {
            (false, true) => $"Does not count: {stands}, as {stored.UpdatedBy} has set it.",
            (false, false) => $"Not set here; {stands}, as {stored.UpdatedBy} has set it.",
            (true, true) when stored.Pause is { } pause && settings.Schedule?.Text == stored.Draft.Cron => $"Rests: {stands}, by {pause.By}{(pause.Reason is { Length: > 0 } reason ? $": {reason}" : string.Empty)}.",
            (true, true) => $"Does not count: {stands}, as the environment of the host that started last has set it.",
            (true, false) => $"Not set here; {stands}, as the environment of another host or of an earlier start has set it.",
        };
    }
}
