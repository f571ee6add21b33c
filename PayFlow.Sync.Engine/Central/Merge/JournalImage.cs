using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>
/// A central row as the journal keeps it: JSON from which every column comes back exactly. What JSON would not hold to the last bit stands in it as PostgreSQL's own text form:
/// floating-point numbers (JSON has no negative zero), <c>json</c> (its blanks and repeated keys), arrays (their bounds) and types of extensions.
/// </summary>
/// <remarks>The text forms are those of sessions opened with <see cref="Values.CentralSession"/>.</remarks>
internal static class JournalImage
{
    private const int ColumnsPerObject = 45;

    private static readonly HashSet<string> Exact = new(StringComparer.Ordinal)
    {
        "bool", "int2", "int4", "int8", "numeric", "money", "text", "varchar", "bpchar", "name", "bytea", "date", "time", "timetz", "timestamp", "timestamptz", "interval", "uuid", "jsonb", "inet", "cidr", "xml", "bit", "varbit", "citext",
    };

    /// <summary>The expression that makes the image of the row with that alias.</summary>
    public static string Of(TableSchema table, string alias)
    {
        var texts = table.Columns.Where(IsText).Select(c => $"{PostgresName.Literal(c.Name)}, {alias}.{PostgresName.Quote(c.Name)}::text")
            .Chunk(ColumnsPerObject).Select(chunk => $" || jsonb_build_object({string.Join(", ", chunk)})").ToList();
        return texts.Count == 0 ? $"to_jsonb({alias})" : $"(to_jsonb({alias}){string.Concat(texts)})";
    }

    /// <summary>Whether an image holds the column's text form instead of its JSON.</summary>
    public static bool IsText(ColumnSchema column) => !Exact.Contains(column.BaseType);

    /// <summary>The columns of <paramref name="image"/>, as a row <paramref name="alias"/>, that <see cref="Value"/> reads.</summary>
    public static string Record(TableSchema table, string target, string image, string alias)
    {
        var texts = table.Columns.Where(IsText).Select(c => PostgresName.Literal(c.Name)).ToList();
        return $"jsonb_populate_record(NULL::{target}, {image}{(texts.Count == 0 ? string.Empty : $" - ARRAY[{string.Join(", ", texts)}]")}) AS {alias}";
    }

    /// <summary>A column's value out of an image and its <see cref="Record"/>.</summary>
    public static string Value(ColumnSchema column, string image, string alias) => IsText(column)
        ? $"({image} ->> {PostgresName.Literal(column.Name)})::{column.Type}"
        : $"{alias}.{PostgresName.Quote(column.Name)}";
}
