using System.Text.Json;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Http;

/// <summary>The array in which a row travels: its parts in a fixed order, so that no row repeats their names.</summary>
internal static class RowForm
{
    private static readonly CellWire Cell = new();

    /// <summary>Begins a row; gives its first part, the key.</summary>
    public static string Key(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray || !reader.Read() || reader.TokenType != JsonTokenType.String)
            throw new JsonException("A row is an array that begins with its key.");
        return reader.GetString()!;
    }

    /// <summary>Goes to the next part; false at the end of the row.</summary>
    public static bool Next(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType != JsonTokenType.EndArray;

    public static string? Text(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => reader.GetString(),
        _ => throw new JsonException("A key is a string."),
    };

    public static int Count(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var count) ? count : throw new JsonException("A count is a whole number.");

    public static CellValue[]? Cells(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("A row's values are an array.");
        var cells = new List<CellValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            cells.Add(Cell.Read(ref reader, typeof(CellValue), options));
        return [.. cells];
    }

    /// <summary>What these values take at least.</summary>
    public static long AtLeast(CellValue[]? cells) => cells is null ? 0 : cells.Sum(c => c.Kind switch
    {
        CellKind.Blob => c.AsBlob.LongLength / 3 * 4,
        CellKind.Text or CellKind.LocalReference => c.AsText.Length,
        _ => 1L,
    });

    public static void Write(Utf8JsonWriter writer, CellValue[]? cells, JsonSerializerOptions options)
    {
        if (cells is null)
        {
            writer.WriteNullValue();
            return;
        }
        writer.WriteStartArray();
        foreach (var cell in cells)
            Cell.Write(writer, cell, options);
        writer.WriteEndArray();
    }
}
