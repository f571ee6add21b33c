using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PayFlow.Sync.Engine.Changes;

/// <summary>
/// The text form of a row's key, the same on both sides, in the queue, the change log, links and messages: a single column is its value as text;
/// a composite key is a JSON array of texts, <c>["10248","11"]</c>, spelled as SQLite's <c>json_array</c> spells it.
/// </summary>
public static class RowKey
{
    public static string Format(ReadOnlySpan<CellValue> values)
    {
        if (values.Length == 1)
            return values[0].ToString();
        var texts = new string[values.Length];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = values[i].ToString();
        return Join(texts);
    }

    /// <summary>The key of several columns' texts.</summary>
    public static string Join(IReadOnlyList<string> texts)
    {
        if (texts.Count == 1)
            return texts[0];
        var key = new StringBuilder("[");
        for (var i = 0; i < texts.Count; i++)
        {
            key.Append(i == 0 ? "\"" : ",\"");
            foreach (var c in texts[i])
                AppendEscaped(key, c);
            key.Append('"');
        }
        return key.Append(']').ToString();
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

    private static void AppendEscaped(StringBuilder key, char c) => _ = c switch
    {
        '"' => key.Append("\\\""),
        '\\' => key.Append("\\\\"),
        '\b' => key.Append("\\b"),
        '\f' => key.Append("\\f"),
        '\n' => key.Append("\\n"),
        '\r' => key.Append("\\r"),
        '\t' => key.Append("\\t"),
        < ' ' => key.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
        _ => key.Append(c),
    };

    private static SyncException Unreadable(string key, int columns, Exception? cause) =>
        new(SyncErrorCode.Protocol, $"'{key}' is not a key of {columns} columns", "The table's key was changed while entries were waiting; detach and attach the terminal again.", cause);
}
