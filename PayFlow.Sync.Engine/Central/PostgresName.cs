using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central;

/// <summary>Quotes identifiers for PostgreSQL: https://www.postgresql.org/docs/current/sql-syntax-lexical.html</summary>
public static class PostgresName
{
    public static string Quote(string identifier) => "\"" + identifier.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    public static string Quote(TableSchema table) => table.Schema is null ? Quote(table.Name) : Quote(table.Schema) + "." + Quote(table.Name);

    /// <summary>A text literal, for DDL and function bodies, where parameters are not allowed. Relies on <c>standard_conforming_strings</c>, on by default since 9.1.</summary>
    public static string Literal(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
