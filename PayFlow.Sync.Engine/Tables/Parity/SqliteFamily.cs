namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>What a declared SQLite type promises. SQLite itself keeps no such promise, so the values decide in the end.</summary>
internal enum SqliteFamily
{
    /// <summary>No type, or one that says nothing.</summary>
    ByContent,
    Integer,
    Real,
    Numeric,
    Text,
    Blob,
    Boolean,
    Date,
    Instant,
    ZonedInstant,
    Time,
    Uuid,
    Json,
}
