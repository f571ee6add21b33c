using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Apply;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>What one direction of one table did in a run; a row of <c>sync_log_tables</c>.</summary>
public sealed class TableProgress(string table, SyncDirection direction)
{
    // With init they travel, too: of a till elsewhere this is part of its report.
    public string Table { get; init; } = table;

    public SyncDirection Direction { get; init; } = direction;

    public long Read { get; set; }

    public long Inserted { get; set; }

    public long Updated { get; set; }

    public long Deleted { get; set; }

    public long Unchanged { get; set; }

    public long Conflicts { get; set; }

    public long Failed { get; set; }

    public long Waiting { get; set; }

    public long Skipped { get; set; }

    public string? CheckpointFrom { get; set; }

    public string? CheckpointTo { get; set; }

    public TimeSpan Duration { get; set; }

    /// <summary>Adds what central made of an uploaded section.</summary>
    public void Add(SectionResult section, TimeSpan duration)
    {
        Read += section.Rows;
        Inserted += section.Inserted;
        Updated += section.Updated;
        Deleted += section.Deleted;
        Unchanged += section.Unchanged;
        Conflicts += section.Conflicts;
        Failed += section.Failed;
        Waiting += section.Waiting;
        Skipped += section.Skipped;
        Duration += duration;
    }

    /// <summary>Adds what the terminal made of a page.</summary>
    internal void Add(PageTally page)
    {
        Inserted += page[ApplyOutcome.Inserted];
        Updated += page[ApplyOutcome.Updated];
        Deleted += page[ApplyOutcome.Deleted];
        Unchanged += page[ApplyOutcome.Unchanged];
        Waiting += page[ApplyOutcome.Busy];
        Failed += page.Refused;
    }

    /// <summary>Adds what the terminal made of one decision.</summary>
    internal void Add(ApplyOutcome outcome)
    {
        var one = new PageTally();
        one.Count(outcome);
        Read++;
        Add(one);
    }

    /// <summary>Rows that made a difference on the other side.</summary>
    public long Moved => Inserted + Updated + Deleted;
}
