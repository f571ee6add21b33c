namespace PayFlow.Sync.Engine.Http;

/// <summary>How many rows one request should carry, so that on a thin line it takes about two seconds: whatever is more pressing need not wait longer for its turn, and a line that breaks loses no more.</summary>
/// <param name="first">Where it begins.</param>
/// <param name="most">What no line makes it exceed.</param>
internal sealed class LinePace(int first, int most)
{
    private const int Least = 50;

    private const int Growth = 4;

    private static readonly TimeSpan Aim = TimeSpan.FromSeconds(2);

    /// <summary>Rows of the next request.</summary>
    public int Rows { get; private set; } = first;

    /// <summary>The line takes as much as is asked of it at all.</summary>
    public bool IsWide => Rows == most;

    /// <summary>The last request was over so soon that packing it cost more than it saved.</summary>
    public bool IsFast { get; private set; }

    /// <summary>A request has brought or taken so many rows in this time.</summary>
    public void Measure(int rows, TimeSpan took)
    {
        // A few rows say more of the way to the host than of the line's width.
        if (rows < Least)
            return;
        IsFast = IsWide && took < Aim / 10;
        var fitting = took <= TimeSpan.Zero ? most : (int)Math.Min(most, rows * (Aim / took));
        if (took > Aim)
            Rows = Math.Clamp(fitting, Least, Rows);
        else if (rows >= Rows / 2)
            Rows = Math.Clamp(fitting, Rows, Math.Min(most, Rows * Growth));
    }

    /// <summary>A request did not get through: the next one tries less.</summary>
    public void Fail() => Rows = Math.Max(Least, Rows / Growth);
}
