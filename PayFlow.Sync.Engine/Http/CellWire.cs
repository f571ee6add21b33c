using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Http;

/// <summary>
/// A value on the line, without loss: NULL as <c>null</c>, integers that every JSON reader keeps exactly as numbers, everything else as a string whose first character names what it is:
/// <c>"stext"</c>, <c>"r0.1"</c> (double, shortest form that gives the same bits), <c>"i9007199254740993"</c> (integer beyond 2^53), <c>"bCgsM"</c> (blob, base64), <c>"l17"</c> (reference by the terminal's own key).
/// </summary>
/// <remarks>Two rare forms keep it total: <c>"n7FF8000000000001"</c> is a double that is no number, by its bits; <c>"w…"</c> is a text that is no Unicode (a lone surrogate), as base64 of UTF-16LE.</remarks>
internal sealed class CellWire : JsonConverter<CellValue>
{
    /// <summary>The largest integer up to which a double holds all of them (RFC 8259, section 6).</summary>
    private const long LargestExact = (1L << 53) - 1;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public override bool HandleNull => true;

    public override CellValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return CellValue.Null;
            case JsonTokenType.Number when reader.TryGetInt64(out var integer):
                return CellValue.Of(integer);
            case JsonTokenType.String:
                return ReadPlainText(ref reader) ?? Parse(reader.GetString()!);
            default:
                throw new JsonException("A value is null, a whole number or a tagged string.");
        }
    }

    public override void Write(Utf8JsonWriter writer, CellValue value, JsonSerializerOptions options)
    {
        switch (value.Kind)
        {
            case CellKind.Null:
                writer.WriteNullValue();
                break;
            case CellKind.Integer when value.AsInteger is >= -LargestExact and <= LargestExact:
                writer.WriteNumberValue(value.AsInteger);
                break;
            case CellKind.Text when IsUnicode(value.AsText):
                WriteText(writer, value.AsText);
                break;
            default:
                writer.WriteStringValue(Format(value));
                break;
        }
    }

    // Most values are texts without an escape: their bytes become the text at once, and the other way round.
    private static CellValue? ReadPlainText(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan is not [(byte)'s', .. var bytes])
            return null;
        try
        {
            return CellValue.Of(Strict.GetString(bytes));
        }
        catch (DecoderFallbackException e)
        {
            throw new JsonException("A text is no UTF-8.", e);
        }
    }

    private static void WriteText(Utf8JsonWriter writer, string text)
    {
        var buffer = ArrayPool<char>.Shared.Rent(text.Length + 1);
        buffer[0] = 's';
        text.CopyTo(buffer.AsSpan(1));
        writer.WriteStringValue(buffer.AsSpan(0, text.Length + 1));
        ArrayPool<char>.Shared.Return(buffer);
    }

    private static string Format(in CellValue value) => value.Kind switch
    {
        CellKind.Integer => "i" + value,
        CellKind.Real when double.IsNaN(value.AsReal) => "n" + value.AsInteger.ToString("X16", CultureInfo.InvariantCulture),
        CellKind.Real => "r" + value,
        CellKind.Blob => "b" + Convert.ToBase64String(value.AsBlob),
        CellKind.LocalReference => "l" + value.AsText,
        _ => "w" + Convert.ToBase64String(MemoryMarshal.AsBytes(LittleEndian(value.AsText).AsSpan())),
    };

    private static CellValue Parse(string tagged)
    {
        try
        {
            return (tagged.Length == 0 ? '\0' : tagged[0]) switch
            {
                's' => CellValue.Of(tagged[1..]),
                'i' => CellValue.Of(long.Parse(tagged.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)),
                'r' => CellValue.Of(double.Parse(tagged.AsSpan(1), NumberStyles.Float, CultureInfo.InvariantCulture)),
                'n' => CellValue.Of(BitConverter.Int64BitsToDouble(long.Parse(tagged.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))),
                'b' => CellValue.Of(Convert.FromBase64String(tagged[1..])),
                'l' => CellValue.LocalReference(tagged[1..]),
                'w' => CellValue.Of(new string(Native(Convert.FromBase64String(tagged[1..])))),
                _ => throw new JsonException("A string that is a value begins with one of s, i, r, n, b, l and w."),
            };
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new JsonException($"A value of the kind '{tagged[0]}' is not understood: {e.Message}", e);
        }
    }

    private static bool IsUnicode(string text)
    {
        for (var i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                return false;
            i++;
        }
        return true;
    }

    private static ushort[] LittleEndian(string text) => [.. text.Select(c => BitConverter.IsLittleEndian ? c : BinaryPrimitives.ReverseEndianness((ushort)c))];

    private static char[] Native(byte[] bytes)
    {
        if (bytes.Length % sizeof(char) != 0)
            throw new FormatException("UTF-16 has two bytes a unit.");
        var text = new char[bytes.Length / sizeof(char)];
        for (var i = 0; i < text.Length; i++)
            text[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(i * sizeof(char)));
        return text;
    }
}
