namespace PayFlow.Sync.Engine.Tables;

/// <summary>How a terminal's column spells dates and times: found from the values that are there, because "what the column holds decides".</summary>
public enum InstantStyle
{
    /// <summary>Nothing there to learn from: <c>2024-01-31T23:59:59.123</c>, with <c>Z</c> where central has a time zone.</summary>
    Default,

    /// <summary><c>2024-01-31T23:59:59.123Z</c></summary>
    IsoZulu,

    /// <summary><c>2024-01-31T23:59:59.123</c></summary>
    IsoLocal,

    /// <summary><c>2024-01-31 23:59:59.123</c></summary>
    Space,

    /// <summary><c>2024-01-31</c> where the time is midnight, otherwise as <see cref="Space"/>.</summary>
    DateOnly,

    /// <summary>Integer seconds since 1970.</summary>
    EpochSeconds,

    /// <summary>Integer milliseconds since 1970; also an empty column with INTEGER affinity.</summary>
    EpochMilliseconds,
}
