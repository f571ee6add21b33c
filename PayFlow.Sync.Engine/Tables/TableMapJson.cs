using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PayFlow.Sync.Engine.Tables;

/// <summary>
/// The table map as people write it: <c>{"tables":[{"name":"products","renames":{"stock_quantity":"master_stock_quantity"},"direction":"both"}]}</c>.
/// Comments and trailing commas are allowed; an unknown field or word is refused with its line.
/// </summary>
public static class TableMapJson
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a map; what it leaves out has the defaults of <see cref="TableMapEntry"/>.</summary>
    /// <exception cref="SyncException">It is no JSON, or a field, word or type in it is not known; the message names table, field and line.</exception>
    public static TableMap Parse(string json) => Parse(Encoding.UTF8.GetBytes(json), "the table map");

    /// <summary>Reads a map from a UTF-8 file.</summary>
    /// <exception cref="SyncException">As <see cref="Parse(string)"/>, or the file cannot be read.</exception>
    public static TableMap ParseFile(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"the table map {path} does not exist", "Check the path; it is relative to the folder the program was started in.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"the table map {path} cannot be read: {e.Message}", "Check that it is a file and that this user may read it.", e);
        }
        return Parse(bytes, path);
    }

    /// <summary>Writes every field of every entry, so that what can be configured can be seen; <see cref="Parse(string)"/> reads it back unchanged.</summary>
    public static string Write(TableMap map)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("tables");
            foreach (var entry in map.Tables)
                Write(writer, entry);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, TableMapEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteString("name", entry.Name);
        writer.WriteString("centralName", entry.CentralName);
        writer.WriteStartObject("renames");
        foreach (var (from, to) in entry.Renames)
            writer.WriteString(from, to);
        writer.WriteEndObject();
        WriteTexts(writer, "exclude", entry.Exclude);
        writer.WriteString("direction", MapWord<SyncDirection>.Of(entry.Direction));
        writer.WriteNumber("priority", entry.Priority);
        writer.WriteString("conflicts", MapWord<ConflictPolicy>.Of(entry.Conflicts));
        writer.WriteString("fallback", MapWord<ConflictPolicy>.Of(entry.Fallback));
        WriteTexts(writer, "additive", entry.Additive);
        writer.WriteString("deletes", MapWord<DeleteMode>.Of(entry.Deletes));
        if (entry.SoftDelete is { } column)
            writer.WriteString("softDelete", column);
        writer.WriteString("terminalCapture", MapWord<CaptureMode>.Of(entry.TerminalCapture));
        writer.WriteString("centralCapture", MapWord<CaptureMode>.Of(entry.CentralCapture));
        writer.WriteString("filter", entry.Filter);
        if (entry.WriteFilter is { } writes)
            writer.WriteString("writeFilter", writes);
        writer.WriteString("unlinked", MapWord<UnlinkedRows>.Of(entry.Unlinked));
        WriteTexts(writer, "match", entry.Match);
        if (entry.BatchSize is { } size)
            writer.WriteNumber("batchSize", size);
        else
            writer.WriteNull("batchSize");
        if (entry.KeyBlock is { } block)
            writer.WriteNumber("keyBlock", block);
        writer.WriteBoolean("enabled", entry.Enabled);
        writer.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static TableMap Parse(byte[] json, string source)
    {
        // A byte-order mark, as Windows editors write it, is no JSON.
        var text = json.AsSpan().StartsWith("\uFEFF"u8) ? json.AsSpan(3) : json;
        try
        {
            return new TableMapReader(text, source).ReadMap();
        }
        catch (JsonException e)
        {
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{source}, line {e.LineNumber + 1}: this is no JSON: {Bare(e.Message)}", "Correct the JSON.", e);
        }
        catch (InvalidOperationException e)
        {
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{source} holds a text that is no UTF-8", "Save the file as UTF-8.", e);
        }
    }

    /// <summary>Without the position that the parser appends, <c>… LineNumber: 0 | BytePositionInLine: 5.</c>, which counts from zero.</summary>
    private static string Bare(string message) => message.IndexOf(" LineNumber:", StringComparison.Ordinal) is > 0 and var end ? message[..end] : message;
}
