using System.Text.Json;
using System.Text.Json.Serialization;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Sync.Engine.Http;

/// <summary>A central row on its way down: <c>[key, values]</c>, or <c>[key]</c> for one that is gone or none of the terminal's business.</summary>
internal sealed class DownloadedRowWire : JsonConverter<DownloadedRow>
{
    public override DownloadedRow Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var row = new DownloadedRow(RowForm.Key(ref reader), null);
        for (var part = 1; RowForm.Next(ref reader); part++)
            row = part == 1 ? row with { Values = RowForm.Cells(ref reader, options) } : throw new JsonException("A row has at most two parts.");
        return row;
    }

    public override void Write(Utf8JsonWriter writer, DownloadedRow value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.Key);
        if (value.Values is not null)
            RowForm.Write(writer, value.Values, options);
        writer.WriteEndArray();
    }
}
