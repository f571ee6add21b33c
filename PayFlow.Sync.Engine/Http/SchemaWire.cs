using System.Text.Json;
using System.Text.Json.Serialization;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Http;

/// <summary>A database's tables, as a list.</summary>
internal sealed class SchemaWire : JsonConverter<DatabaseSchema>
{
    public override DatabaseSchema Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonSerializer.Deserialize(ref reader, WireContext.Wire.TableSchemaArray) ?? throw new JsonException("A schema is a list of tables."));

    public override void Write(Utf8JsonWriter writer, DatabaseSchema value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, [.. value.Tables], WireContext.Wire.TableSchemaArray);
}
