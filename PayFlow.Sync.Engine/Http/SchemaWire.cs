using System.Text.Json;
using System.Text.Json.Serialization;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Http;

/// <summary>A database's tables, as a list.</summary>
internal sealed class SchemaWire : JsonConverter<DatabaseSchema>
{
    public override DatabaseSchema Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new((JsonSerializer.Deserialize(ref reader, WireContext.Wire.TableSchemaArray) ?? throw new JsonException("A schema is a list of tables.")).Select(Require));

    // A member that is left out is null here, whatever its type says.
    private static TableSchema Require(TableSchema? table)
    {
        if (table is null)
            throw new JsonException("A schema's table is null.");
        foreach (var (name, list) in new (string, IEnumerable<object?>?)[] { ("columns", table.Columns), ("key", table.Key), ("foreignKeys", table.ForeignKeys), ("indexes", table.Indexes) })
        {
            if (list is null || list.Any(i => i is null))
                throw new JsonException($"Table {table.Name} has no {name}, or one of them is null: every member has to be sent.");
        }
        if (table.ForeignKeys.Any(k => k.Columns is null || k.ParentColumns is null || k.ParentTable is null) || table.Indexes.Any(i => i.Columns is null || i.Name is null))
            throw new JsonException($"A foreign key or an index of table {table.Name} is not whole: every member has to be sent.");
        return table;
    }

    public override void Write(Utf8JsonWriter writer, DatabaseSchema value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, [.. value.Tables], WireContext.Wire.TableSchemaArray);
}
