using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PayFlow.Sync.Engine.Http;

/// <summary>A checksum as 16 hexadecimal digits: not every JSON reader keeps 64 bits of a number.</summary>
internal sealed class ChecksumWire : JsonConverter<ulong>
{
    public override ulong Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && ulong.TryParse(reader.GetString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var sum)
            ? sum
            : throw new JsonException("A checksum is a string of 16 hexadecimal digits.");

    public override void Write(Utf8JsonWriter writer, ulong value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString("x16", CultureInfo.InvariantCulture));
}
