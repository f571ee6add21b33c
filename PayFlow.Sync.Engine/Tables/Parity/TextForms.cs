namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>What all texts of a column can be read as without losing anything.</summary>
[Flags]
public enum TextForms
{
    None = 0,

    /// <summary>A plain decimal number.</summary>
    Decimal = 1,

    /// <summary><c>2024-01-31</c></summary>
    Date = 2,

    /// <summary>A date, or date and time to the microsecond, without zone.</summary>
    Instant = 4,

    /// <summary>Date and time to the microsecond that end in <c>Z</c>. Other offsets are not counted: PostgreSQL would not keep them.</summary>
    ZonedInstant = 8,

    /// <summary><c>23:59</c>, with seconds and microseconds if any.</summary>
    Time = 16,

    /// <summary>A uuid as PostgreSQL writes it, lower case with hyphens.</summary>
    Uuid = 32,

    Json = 64,

    All = Decimal | Date | Instant | ZonedInstant | Time | Uuid | Json,
}
