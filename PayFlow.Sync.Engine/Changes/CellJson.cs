using System.Text.Json;
using System.Text.Json.Serialization;

namespace PayFlow.Sync.Engine.Changes;

/// <summary>
/// A value as JSON, without loss: integers and NULL as they are, everything else as a string whose first character names the storage class,
/// <c>"stext"</c>, <c>"r0.1"</c>, <c>"x0AFF"</c>, <c>"l17"</c>. The same form as in the terminal's before-images.
/// </summary>
public sealed class CellJson : JsonConverter<CellValue>
{
    /// <summary>Options for whatever carries values: results, journals, conflicts.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new CellJson(), new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        // Not WhenWritingDefault: it would leave out "applied" and "false" as well.
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public override CellValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number => CellValue.Of(reader.GetInt64()),
        JsonTokenType.String => TaggedCell.Parse(reader.GetString()!),
        _ => CellValue.Null,
    };

    public override bool HandleNull => true;

    public override void Write(Utf8JsonWriter writer, CellValue value, JsonSerializerOptions options)
    {
        switch (value.Kind)
        {
            case CellKind.Null:
                writer.WriteNullValue();
                break;
            case CellKind.Integer:
                writer.WriteNumberValue(value.AsInteger);
                break;
            default:
                writer.WriteStringValue(TaggedCell.Format(value));
                break;
        }
    }
}
