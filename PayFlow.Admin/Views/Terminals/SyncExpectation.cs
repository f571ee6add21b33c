namespace PayFlow.Admin.Views.Terminals;

/// <summary>When a terminal should be synced.</summary>
/// <param name="Name">The schedule's name, for people.</param>
/// <param name="Next">The first time behind an instant; null when there is none.</param>
public sealed record SyncExpectation(string Name, Func<DateTimeOffset, DateTimeOffset?> Next)
{
    /// <summary>Of a till elsewhere, which syncs by itself; null for one that is synced from here.</summary>
    public AgentLine? Agent { get; init; }

    /// <summary>A job waits for a free host, and for the terminal.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Who has been running for longer has probably died.</summary>
    public static TimeSpan LongestRun { get; } = TimeSpan.FromHours(2);

    /// <summary>Of several schedules the one that comes first.</summary>
    public static SyncExpectation? Of(IReadOnlyList<SyncExpectation> schedules) => schedules switch
    {
        [] => null,
        [var only] => only,
        _ => new(string.Join(", ", schedules.Select(s => s.Name)), after => schedules.Select(s => s.Next(after)).Where(n => n is not null).Min()),
    };
}
