namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>A PostgreSQL type for a terminal's column, and what there is to say about the choice.</summary>
internal readonly record struct CentralType(string Name, string? Remark = null)
{
    public const string Text = "text";
    public const string BigInt = "bigint";
    public const string Numeric = "numeric";
    public const string Double = "double precision";
    public const string Boolean = "boolean";
    public const string Bytes = "bytea";
    public const string Date = "date";
    public const string Time = "time without time zone";
    public const string Timestamp = "timestamp without time zone";
    public const string TimestampTz = "timestamp with time zone";
    public const string Uuid = "uuid";
    public const string Json = "json";

    /// <summary>The key that central gives to the rows of a linked table.</summary>
    public const string LinkedKey = "character varying(36)";

    /// <summary>True when PostgreSQL can compare the two in a foreign key.</summary>
    public static bool AreComparable(string left, string right) => Class(left) == Class(right);

    private static string Class(string type)
    {
        var bracket = type.IndexOf('(', StringComparison.Ordinal);
        return (bracket < 0 ? type : type[..bracket]) switch
        {
            "smallint" or "integer" or BigInt => BigInt,
            Text or "character varying" or "character" => Text,
            Numeric => Numeric,
            _ => type,
        };
    }
}
