namespace PayFlow.Admin.Views.Runs;

/// <summary>What a run did with one table in one direction.</summary>
public sealed record RunTableRow
{
    public required string Table { get; init; }

    public required string Direction { get; init; }

    public long Read { get; init; }

    public long Inserted { get; init; }

    public long Updated { get; init; }

    public long Deleted { get; init; }

    public long Unchanged { get; init; }

    public long Conflicts { get; init; }

    public long Failed { get; init; }

    public long Waiting { get; init; }

    public long Skipped { get; init; }

    public string? CheckpointFrom { get; init; }

    public string? CheckpointTo { get; init; }

    public TimeSpan Duration { get; init; }
}
