using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>Counts and outcomes of rows while a section is merged; thrown away together when a part is undone.</summary>
internal sealed class MergeTally
{
    private readonly List<RowOutcome> _outcomes = [];
    private int _inserted;
    private int _updated;
    private int _deleted;
    private int _unchanged;
    private int _conflicts;

    /// <summary>Rows that the terminal may not write as they are; where there are some, everything that was done for the set is to be undone.</summary>
    public IReadOnlyList<StagedRow> Outside { get; init; } = [];

    public void Inserted(int rows) => _inserted += rows;

    public void Updated(int rows) => _updated += rows;

    public void Deleted(int rows) => _deleted += rows;

    public void Unchanged(int rows) => _unchanged += rows;

    public void Conflict() => _conflicts++;

    public void Add(RowOutcome outcome) => _outcomes.Add(outcome);

    public void Add(MergeTally other)
    {
        _inserted += other._inserted;
        _updated += other._updated;
        _deleted += other._deleted;
        _unchanged += other._unchanged;
        _conflicts += other._conflicts;
        _outcomes.AddRange(other._outcomes);
    }

    public SectionResult ToResult(TableSection section) => new()
    {
        Table = section.Table,
        Columns = section.Columns,
        Rows = section.Rows.Count,
        Inserted = _inserted,
        Updated = _updated,
        Deleted = _deleted,
        Unchanged = _unchanged,
        Conflicts = _conflicts,
        Failed = _outcomes.Count(o => o.Status == RowStatus.Failed),
        Waiting = _outcomes.Count(o => o.Status == RowStatus.Waits),
        Skipped = _outcomes.Count(o => o.Status == RowStatus.Skipped),
        Outcomes = _outcomes,
    };
}
