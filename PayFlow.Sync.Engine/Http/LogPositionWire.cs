using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Http;

/// <summary>A place in central's change log as <c>"generation/transaction/entry"</c>.</summary>
internal sealed class LogPositionWire : JsonConverter<LogPosition>
{
    public override LogPosition Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var position) ? position : throw new JsonException("A place in the change log is written generation/transaction/entry.");

    public override void Write(Utf8JsonWriter writer, LogPosition value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    public static bool TryParse(ReadOnlySpan<char> text, out LogPosition position)
    {
        position = default;
        Span<Range> parts = stackalloc Range[4];
        if (text.Split(parts, '/') != 3
            || !int.TryParse(text[parts[0]], NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            || !long.TryParse(text[parts[1]], NumberStyles.None, CultureInfo.InvariantCulture, out var transaction)
            || !long.TryParse(text[parts[2]], NumberStyles.None, CultureInfo.InvariantCulture, out var entry))
        {
            return false;
        }
        position = new LogPosition(generation, transaction, entry);
        return true;
    }
}
