using System.Text.Json;
using System.Text.Json.Serialization;

namespace PayFlow.Sync.Engine.Tables;

/// <summary>A database's tables as JSON, without loss: how central remembers what a terminal looks like.</summary>
internal static class SchemaJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Write(DatabaseSchema schema) => JsonSerializer.Serialize(schema.Tables, Options);

    /// <exception cref="JsonException">The text is no schema.</exception>
    public static DatabaseSchema Read(string json) => new(JsonSerializer.Deserialize<TableSchema[]>(json, Options) ?? throw new JsonException("A schema is a list of tables."));
}
