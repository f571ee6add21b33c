using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Tests.Engine.Tables;

/// <summary>Schemas for tests of the planner, which touches no database.</summary>
internal static class Schemas
{
    public static DatabaseSchema Of(params TableSchema[] tables) => new(tables);

    /// <summary>A table from <c>"name type"</c>, the first column its key; <c>!</c> after a type means NOT NULL, or after INTEGER a number the table hands out.</summary>
    public static TableSchema Table(string name, params string[] columns)
    {
        var parsed = columns.Select(Column).ToList();
        return new TableSchema { Name = name, Columns = parsed, Key = [parsed[0].Name] };
    }

    public static TableSchema Refers(this TableSchema table, string column, string parent, string parentColumn) =>
        table with { ForeignKeys = [.. table.ForeignKeys, new ForeignKeySchema(null, [column], parent, [parentColumn])] };

    private static ColumnSchema Column(string text)
    {
        var parts = text.TrimEnd('!').Split(' ');
        var marked = text.EndsWith('!');
        return new ColumnSchema
        {
            Name = parts[0],
            Type = parts[1],
            BaseType = parts[1],
            NotNull = marked,
            IsAutoNumber = marked && parts[1] == "INTEGER",
            Logical = parts[1] switch
            {
                "text" => LogicalType.Text,
                "int4" => LogicalType.Integer,
                "uuid" => LogicalType.Uuid,
                "timestamptz" => LogicalType.TimestampTz,
                _ => LogicalType.Other,
            },
        };
    }
}
