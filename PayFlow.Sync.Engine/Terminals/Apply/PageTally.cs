namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>Counts of one table's rows in a page.</summary>
internal sealed class PageTally
{
    private readonly int[] _counts = new int[Enum.GetValues<ApplyOutcome>().Length];

    public int Refused { get; private set; }

    public int this[ApplyOutcome outcome] => _counts[(int)outcome];

    public void Count(ApplyOutcome outcome) => _counts[(int)outcome]++;

    public void CountRefused() => Refused++;

    public void Add(PageTally other)
    {
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
        Refused += other.Refused;
    }
}
