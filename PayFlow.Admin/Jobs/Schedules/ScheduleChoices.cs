namespace PayFlow.Admin.Jobs.Schedules;

/// <summary>What a schedule can name.</summary>
/// <param name="Terminals">All of them by id, detached ones too.</param>
/// <param name="Tables">The synced tables, by their names in the terminal.</param>
public sealed record ScheduleChoices(IReadOnlyList<string> Terminals, IReadOnlyList<string> Tables)
{
    public static ScheduleChoices None { get; } = new([], []);
}
