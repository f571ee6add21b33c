namespace PayFlow.Sync.Engine.Changes;

/// <summary>What became of one section: counts of everything, and outcomes of the rows with more to say.</summary>
public sealed record SectionResult
{
    public required string Table { get; init; }

    /// <summary>Terminal column names: the order of <see cref="RowOutcome.Central"/>.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    public int Rows { get; init; }

    public int Inserted { get; init; }

    public int Updated { get; init; }

    public int Deleted { get; init; }

    public int Unchanged { get; init; }

    public int Conflicts { get; init; }

    public int Failed { get; init; }

    public int Waiting { get; init; }

    public int Skipped { get; init; }

    /// <summary>Rows that are not named here were applied as sent.</summary>
    public IReadOnlyList<RowOutcome> Outcomes { get; init; } = [];
}
