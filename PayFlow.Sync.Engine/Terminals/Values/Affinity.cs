namespace PayFlow.Sync.Engine.Terminals.Values;

/// <summary>Determines a column's affinity from its declared type, by SQLite's own five rules in their order.</summary>
internal static class Affinity
{
    public static ColumnAffinity Of(string declaredType)
    {
        if (Has(declaredType, "INT"))
            return ColumnAffinity.Integer;
        if (Has(declaredType, "CHAR") || Has(declaredType, "CLOB") || Has(declaredType, "TEXT"))
            return ColumnAffinity.Text;
        if (Has(declaredType, "BLOB") || string.IsNullOrWhiteSpace(declaredType))
            return ColumnAffinity.None;
        return Has(declaredType, "REAL") || Has(declaredType, "FLOA") || Has(declaredType, "DOUB") ? ColumnAffinity.Real : ColumnAffinity.Numeric;
    }

    /// <summary>True where SQLite makes a number of a text that looks like one.</summary>
    public static bool IsNumeric(this ColumnAffinity affinity) => affinity is ColumnAffinity.Integer or ColumnAffinity.Real or ColumnAffinity.Numeric;

    private static bool Has(string declaredType, string part) => declaredType.Contains(part, StringComparison.OrdinalIgnoreCase);
}
