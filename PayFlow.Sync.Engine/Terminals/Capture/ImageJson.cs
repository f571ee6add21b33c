using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Terminals.Capture;

/// <summary>
/// A row image as JSON, without loss for all five storage classes, made by SQLite itself inside a trigger: integers and NULL as they are,
/// everything else as a string whose first character names the class. Example: <c>{"name":"sTea","price":"r2.5","stock":7,"photo":"x89504E47","note":null}</c>
/// </summary>
/// <remarks>
/// SQLite's own rendering of a double keeps 15 digits; <c>printf('%!.20g')</c> keeps enough for the last bit (https://www.sqlite.org/printf.html)
/// between 1e-45 and 1e45. Farther out SQLite's own arithmetic is off by a bit or two: then an edited row may be taken for a conflict, but no value is written from an image that nobody changed.
/// A function takes 100 arguments at most in older builds, so wide tables become an array of objects.
/// </remarks>
internal static class ImageJson
{
    private const int ColumnsPerObject = 45;

    private static readonly CellJson Cells = new();

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The SQL expression that makes the image of the row called <paramref name="row"/> (<c>OLD</c>, <c>NEW</c> or an alias).</summary>
    public static string Expression(string row, IReadOnlyList<string> columns)
    {
        var objects = columns.Chunk(ColumnsPerObject)
            .Select(chunk => "json_object(" + string.Join(", ", chunk.Select(c => $"{SqliteName.Literal(c)}, {Cell($"{row}.{SqliteName.Quote(c)}")}")) + ")")
            .ToList();
        return objects.Count == 1 ? objects[0] : $"json_array({string.Join(", ", objects)})";
    }

    /// <summary>Reads an image into the order of <paramref name="columns"/>; a column that the image does not know is NULL, because it did not exist when the image was made.</summary>
    public static CellValue[] Read(string json, IReadOnlyList<string> columns)
    {
        var values = ReadNamed(json);
        var row = new CellValue[columns.Count];
        for (var i = 0; i < row.Length; i++)
            row[i] = values.GetValueOrDefault(columns[i]);
        return row;
    }

    public static Dictionary<string, CellValue> ReadNamed(string json)
    {
        var values = new Dictionary<string, CellValue>(StringComparer.OrdinalIgnoreCase);
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            var name = reader.GetString()!;
            reader.Read();
            values[name] = reader.TokenType switch
            {
                JsonTokenType.Number => CellValue.Of(reader.GetInt64()),
                JsonTokenType.String => TaggedCell.Parse(reader.GetString()!),
                _ => CellValue.Null,
            };
        }
        return values;
    }

    public static string Write(IReadOnlyList<string> columns, ReadOnlySpan<CellValue> values)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            for (var i = 0; i < values.Length; i++)
            {
                writer.WritePropertyName(columns[i]);
                Cells.Write(writer, values[i], CellJson.Options);
            }
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string Cell(string column) =>
        $"CASE typeof({column}) WHEN 'text' THEN 's' || {column} WHEN 'real' THEN 'r' || printf('%!.20g', {column}) WHEN 'blob' THEN 'x' || hex({column}) ELSE {column} END";
}
