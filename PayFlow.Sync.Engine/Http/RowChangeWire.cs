using System.Text.Json;
using System.Text.Json.Serialization;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Http;

/// <summary>A changed row on its way up: <c>[key, values, base, serverKey, attempts]</c>; what is null or 0 at the end is left out.</summary>
internal sealed class RowChangeWire : JsonConverter<RowChange>
{
    public override RowChange Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var row = new RowChange { Key = RowForm.Key(ref reader) };
        for (var part = 1; RowForm.Next(ref reader); part++)
        {
            row = part switch
            {
                1 => row with { Values = RowForm.Cells(ref reader, options) },
                2 => row with { Base = RowForm.Cells(ref reader, options) },
                3 => row with { ServerKey = RowForm.Text(ref reader) },
                4 => row with { Attempts = RowForm.Count(ref reader) },
                _ => throw new JsonException("A row has at most five parts."),
            };
        }
        return row;
    }

    public override void Write(Utf8JsonWriter writer, RowChange value, JsonSerializerOptions options)
    {
        var parts = value.Attempts != 0 ? 4 : value.ServerKey is not null ? 3 : value.Base is not null ? 2 : value.Values is not null ? 1 : 0;
        writer.WriteStartArray();
        writer.WriteStringValue(value.Key);
        if (parts > 0)
            RowForm.Write(writer, value.Values, options);
        if (parts > 1)
            RowForm.Write(writer, value.Base, options);
        if (parts > 2)
            writer.WriteStringValue(value.ServerKey);
        if (parts > 3)
            writer.WriteNumberValue(value.Attempts);
        writer.WriteEndArray();
    }
}
