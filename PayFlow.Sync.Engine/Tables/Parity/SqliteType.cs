namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Reads declared SQLite types.</summary>
internal static class SqliteType
{
    /// <summary>The affinity, by the five rules in their order.</summary>
    public static SqliteAffinity AffinityOf(string declared)
    {
        if (Has(declared, "INT"))
            return SqliteAffinity.Integer;
        if (Has(declared, "CHAR") || Has(declared, "CLOB") || Has(declared, "TEXT"))
            return SqliteAffinity.Text;
        if (declared.Length == 0 || Has(declared, "BLOB"))
            return SqliteAffinity.Blob;
        return Has(declared, "REAL") || Has(declared, "FLOA") || Has(declared, "DOUB") ? SqliteAffinity.Real : SqliteAffinity.Numeric;
    }

    /// <summary>What the declaration's author meant.</summary>
    public static SqliteFamily FamilyOf(string declared)
    {
        var type = declared.Trim();
        if (type.Length == 0 || type.Equals("ANY", StringComparison.OrdinalIgnoreCase))
            return SqliteFamily.ByContent;
        return Meaning(type) ?? AffinityOf(type) switch
        {
            SqliteAffinity.Integer => SqliteFamily.Integer,
            SqliteAffinity.Text => SqliteFamily.Text,
            SqliteAffinity.Blob => SqliteFamily.Blob,
            SqliteAffinity.Real => SqliteFamily.Real,
            _ => IsNumber(type) ? SqliteFamily.Numeric : SqliteFamily.ByContent,
        };
    }

    private static SqliteFamily? Meaning(string type)
    {
        if (Has(type, "BOOL"))
            return SqliteFamily.Boolean;
        if (Has(type, "UUID") || Has(type, "GUID") || Has(type, "UNIQUEIDENTIFIER"))
            return SqliteFamily.Uuid;
        if (Has(type, "JSON"))
            return SqliteFamily.Json;
        if (Has(type, "TIMESTAMPTZ") || Has(type, "WITH TIME ZONE") || Has(type, "DATETIMEOFFSET"))
            return SqliteFamily.ZonedInstant;
        if (Has(type, "DATETIME") || Has(type, "TIMESTAMP"))
            return SqliteFamily.Instant;
        if (type.StartsWith("DATE", StringComparison.OrdinalIgnoreCase))
            return SqliteFamily.Date;
        if (type.StartsWith("TIME", StringComparison.OrdinalIgnoreCase))
            return SqliteFamily.Time;
        return Has(type, "BINARY") || Has(type, "BYTEA") || Has(type, "IMAGE") ? SqliteFamily.Blob : null;
    }

    private static bool IsNumber(string type) => Has(type, "NUM") || Has(type, "DEC") || Has(type, "MONEY") || Has(type, "CURRENCY");

    private static bool Has(string type, string word) => type.Contains(word, StringComparison.OrdinalIgnoreCase);
}
