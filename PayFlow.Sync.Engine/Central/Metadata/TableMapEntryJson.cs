using System.Text.Json;
using System.Text.Json.Serialization;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>One entry of the table map as it stands in <c>payflow.table_map.entry</c>.</summary>
internal static class TableMapEntryJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Write(TableMapEntry entry) => JsonSerializer.Serialize(entry, Options);

    /// <exception cref="JsonException">The text is no entry.</exception>
    public static TableMapEntry Parse(string json) => JsonSerializer.Deserialize<TableMapEntry>(json, Options) ?? throw new JsonException("null is no table map entry");
}
