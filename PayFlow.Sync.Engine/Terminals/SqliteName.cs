namespace PayFlow.Sync.Engine.Terminals;

/// <summary>Quotes identifiers for SQLite: https://www.sqlite.org/lang_keywords.html</summary>
public static class SqliteName
{
    public static string Quote(string identifier) => "\"" + identifier.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    /// <summary>A text literal, for DDL and trigger bodies, where parameters are not allowed.</summary>
    public static string Literal(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
