namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>Counts of one table's rows in a page.</summary>
internal sealed class PageTally
{
    private readonly Dictionary<ApplyOutcome, int> _counts = [];

    public int Refused { get; private set; }

    public int this[ApplyOutcome outcome] => _counts.GetValueOrDefault(outcome);

    public void Count(ApplyOutcome outcome) => _counts[outcome] = this[outcome] + 1;

    public void CountRefused() => Refused++;
}
