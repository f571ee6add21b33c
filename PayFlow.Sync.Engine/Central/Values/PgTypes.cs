using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary>Names and modifiers of PostgreSQL types.</summary>
internal static class PgTypes
{
    /// <summary>Types of <c>pg_catalog</c> that travel by their text form; their arrays have the same name after an underscore.</summary>
    private static readonly HashSet<string> BuiltIn = new(StringComparer.Ordinal)
    {
        "bit", "varbit", "bool", "box", "bpchar", "bytea", "char", "cidr", "circle", "date", "daterange", "datemultirange", "float4", "float8", "inet",
        "int2", "int4", "int8", "int4range", "int8range", "int4multirange", "int8multirange", "interval", "json", "jsonb", "jsonpath", "line", "lseg",
        "macaddr", "macaddr8", "money", "name", "numeric", "numrange", "nummultirange", "oid", "path", "pg_lsn", "point", "polygon", "regclass", "regtype",
        "text", "tid", "time", "timestamp", "timestamptz", "timetz", "tsmultirange", "tsquery", "tsrange", "tstzmultirange", "tstzrange", "tsvector",
        "txid_snapshot", "pg_snapshot", "uuid", "varchar", "xid", "xid8", "xml", "int2vector", "oidvector",
    };

    public static bool IsBuiltIn(string baseType) => BuiltIn.Contains(baseType) || (baseType is ['_', ..] && BuiltIn.Contains(baseType[1..]));

    /// <summary>
    /// The type to cast to, without its modifier: <c>x::varchar(3)</c> and <c>x::bit</c> (which means <c>bit(1)</c>) cut without a word, whereas an
    /// assignment of the unconstrained type raises.
    /// </summary>
    public static string Unconstrained(ColumnSchema column)
    {
        if (IsBuiltIn(column.BaseType))
            return $"pg_catalog.{PostgresName.Quote(column.BaseType)}";
        var modifier = column is { TypeModifier: >= 0, IsDomain: false } ? column.Type.LastIndexOf('(') : -1;
        return modifier > 0 && column.Type.EndsWith(')') ? column.Type[..modifier] : column.Type;
    }

    /// <summary>Digits and scale of <c>numeric(p,s)</c>; null for plain <c>numeric</c>. Since PostgreSQL 15 the scale may be negative (numeric.c, <c>make_numeric_typmod</c>).</summary>
    public static (int Precision, int Scale)? NumericModifier(int typeModifier)
    {
        if (typeModifier < 4)
            return null;
        var packed = typeModifier - 4;
        return ((packed >> 16) & 0xFFFF, ((packed & 0x7FF) ^ 1024) - 1024);
    }

    /// <summary>Fraction digits of <c>timestamp(p)</c> or <c>time(p)</c>: 0 to 6.</summary>
    public static int FractionDigits(int typeModifier) => typeModifier is >= 0 and <= 6 ? typeModifier : 6;

    /// <summary><c>"timestamp(3)"</c> from <c>timestamp</c>, or the bare name when there is no modifier.</summary>
    public static string WithFraction(string name, int typeModifier) => typeModifier is >= 0 and <= 6 ? $"{name}({typeModifier})" : name;

    /// <summary>Rounds microseconds as PostgreSQL does for a column of fewer digits: half away from zero, where zero is 2000-01-01 (timestamp.c, <c>AdjustTimestampForTypmod</c>).</summary>
    public static long RoundMicroseconds(long microseconds, int digits)
    {
        if (digits >= 6 || microseconds is long.MaxValue or long.MinValue)
            return microseconds;
        long unit = 1;
        for (var i = digits; i < 6; i++)
            unit *= 10;
        return microseconds >= 0 ? (microseconds + unit / 2) / unit * unit : -((-microseconds + unit / 2) / unit * unit);
    }
}
