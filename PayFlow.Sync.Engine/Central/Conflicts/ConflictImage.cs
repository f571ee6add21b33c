using System.Text.Json;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>A row in a conflict's record: terminal column names to values with their storage class, as the merge writes them.</summary>
internal static class ConflictImage
{
    /// <summary>Null stays null: that side has no such row.</summary>
    public static Dictionary<string, CellValue>? Read(string? json) => json is null or "null" ? null
        : new(JsonSerializer.Deserialize<Dictionary<string, CellValue>>(json, CellJson.Options)!, StringComparer.OrdinalIgnoreCase);

    public static string Write(IReadOnlyDictionary<string, CellValue> image) => JsonSerializer.Serialize(image, CellJson.Options);

    public static Dictionary<string, CellValue> Of(TablePlan table, CellValue[] values)
    {
        var image = new Dictionary<string, CellValue>(values.Length, StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < values.Length; i++)
            image[table.Columns[i].Terminal.Name] = values[i];
        return image;
    }

    /// <summary>A value as a sentence names it: quoted text, a bare number, <c>nothing</c> for NULL.</summary>
    public static string Words(in CellValue value) => value.Kind switch
    {
        CellKind.Null => "nothing",
        CellKind.Text or CellKind.LocalReference => $"'{Short(value.ToString())}'",
        _ => Short(value.ToString()),
    };

    private static string Short(string text) => (text.Length > 60 ? text[..57] + "…" : text).ReplaceLineEndings(" ");
}
