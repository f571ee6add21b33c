using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>A soft-delete column of central in SQL: an instant, or yes and no.</summary>
internal static class SoftDeleteSql
{
    /// <summary>The value that marks a row as deleted.</summary>
    public static string Mark(ColumnSchema column) => column.Logical switch
    {
        LogicalType.Boolean => "true",
        LogicalType.Integer => "1",
        LogicalType.Timestamp => "now() AT TIME ZONE 'UTC'",
        LogicalType.Text => "to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')",
        _ => "now()",
    };

    /// <summary>The value of a row that is not deleted.</summary>
    public static string Unmarked(ColumnSchema column) => column.Logical switch
    {
        LogicalType.Boolean => "false",
        LogicalType.Integer => "0",
        _ => "NULL",
    };

    /// <summary>Whether the value marks a deleted row.</summary>
    public static string IsMarked(ColumnSchema column, string value) => column.Logical switch
    {
        LogicalType.Boolean => $"({value} IS TRUE)",
        LogicalType.Integer => $"(coalesce({value}, 0) <> 0)",
        _ => $"({value} IS NOT NULL)",
    };
}
