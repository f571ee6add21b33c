using System.Text.Encodings.Web;
using System.Text.Json;

namespace PayFlow.Sync.Engine.Changes;

/// <summary>
/// The text form of a row's key, the same on both sides, in the queue, the change log, links and messages: a single column is its value as text;
/// a composite key is a JSON array of texts, <c>["10248","11"]</c>.
/// </summary>
public static class RowKey
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Format(ReadOnlySpan<CellValue> values)
    {
        if (values.Length == 1)
            return values[0].ToString();
        var texts = new string[values.Length];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = values[i].ToString();
        return JsonSerializer.Serialize(texts, Relaxed);
    }

    /// <summary>Splits a key into its column texts.</summary>
    /// <exception cref="SyncException">The text is no key of that many columns.</exception>
    public static string[] Parse(string key, int columns)
    {
        if (columns == 1)
            return [key];
        try
        {
            if (JsonSerializer.Deserialize<string[]>(key) is { } parts && parts.Length == columns)
                return parts;
        }
        catch (JsonException e)
        {
            throw Unreadable(key, columns, e);
        }
        throw Unreadable(key, columns, null);
    }

    private static SyncException Unreadable(string key, int columns, Exception? cause) =>
        new(SyncErrorCode.Protocol, $"'{key}' is not a key of {columns} columns", "The table's key was changed while entries were waiting; detach and attach the terminal again.", cause);
}
