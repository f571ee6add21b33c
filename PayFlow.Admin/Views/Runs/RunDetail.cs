namespace PayFlow.Admin.Views.Runs;

/// <summary>One run with everything that is known of it.</summary>
public sealed record RunDetail
{
    public required RunRow Run { get; init; }

    public IReadOnlyList<RunTableRow> Tables { get; init; } = [];

    /// <summary>The run that this one took back.</summary>
    public Guid? Undoes { get; init; }

    /// <summary>The run that took this one back.</summary>
    public Guid? UndoneBy { get; init; }

    /// <summary>When what is needed to take it back was deleted; null while it is there.</summary>
    public DateTimeOffset? JournalPrunedAt { get; init; }

    /// <summary>Whether the journal knows a row of it.</summary>
    public bool HasJournal { get; init; }

    /// <summary>The job that it was part of.</summary>
    public long? Job { get; init; }

    /// <summary>Conflicts that this run found, still open or not.</summary>
    public long OpenConflicts { get; init; }

    public long ClosedConflicts { get; init; }

    public bool CanBeRolledBack => Run.CompletedAt is not null && UndoneBy is null && JournalPrunedAt is null && Run.Rows > 0;
}
