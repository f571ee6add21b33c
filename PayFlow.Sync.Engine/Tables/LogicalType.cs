namespace PayFlow.Sync.Engine.Tables;

/// <summary>What a column means, from its PostgreSQL type (of a domain: its base type); decides the neutral form of <see cref="Changes.CellValue"/>.</summary>
public enum LogicalType
{
    Boolean,

    /// <summary>int2, int4, int8.</summary>
    Integer,

    /// <summary>float4, float8.</summary>
    Float,

    /// <summary>numeric and money.</summary>
    Decimal,

    /// <summary>text, varchar, name.</summary>
    Text,

    /// <summary>char(n): trailing blanks mean nothing.</summary>
    FixedText,

    Bytes,
    Date,
    Time,
    Timestamp,
    TimestampTz,
    Uuid,

    /// <summary>json and jsonb.</summary>
    Json,

    /// <summary>Every other type, by its text form.</summary>
    Other,
}
