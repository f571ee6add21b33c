using System.Text.Json;
using System.Text.Json.Serialization;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Admin.Jobs;

/// <summary>A value that somebody typed: NULL, or a text that is read as the column's type when it is used.</summary>
internal sealed class CellValueJson : JsonConverter<CellValue>
{
    public override bool HandleNull => true;

    public override CellValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString() is { } text ? CellValue.Of(text) : CellValue.Null;

    public override void Write(Utf8JsonWriter writer, CellValue value, JsonSerializerOptions options)
    {
        if (value.IsNull)
            writer.WriteNullValue();
        else
            writer.WriteStringValue(value.Kind == CellKind.Text ? value.AsText : value.ToString());
    }
}
