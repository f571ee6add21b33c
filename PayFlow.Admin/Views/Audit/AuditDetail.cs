using System.Text.Json;

namespace PayFlow.Admin.Views.Audit;

/// <summary>An entry's detail in lines: <c>{"before":{"role":"Viewer"},"after":{"role":"Admin"},"reason":"…"}</c> becomes "role: Viewer → Admin" and "reason: …".</summary>
internal static class AuditDetail
{
    private const string Before = "before";
    private const string After = "after";

    public static IReadOnlyList<AuditFact> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            return [new AuditFact("detail", null, Text(root), false)];
        var (before, after) = (Of(root, Before), Of(root, After));
        return [.. Changes(before, after), .. root.EnumerateObject().Where(p => p.Name is not (Before or After) && p.Value.ValueKind is not JsonValueKind.Null).Select(p => new AuditFact(p.Name, null, Text(p.Value), false))];
    }

    private static IEnumerable<AuditFact> Changes(JsonElement? before, JsonElement? after)
    {
        if (before is not { ValueKind: JsonValueKind.Object } && after is not { ValueKind: JsonValueKind.Object })
        {
            if (before is not null || after is not null)
                yield return new AuditFact("state", Text(before), Text(after), true);
            yield break;
        }
        foreach (var name in Names(before).Concat(Names(after)).Distinct(StringComparer.Ordinal))
        {
            var (was, now) = (Text(Of(before, name)), Text(Of(after, name)));
            if (was != now)
                yield return new AuditFact(name, was, now, true);
        }
    }

    private static IEnumerable<string> Names(JsonElement? element) => element is { ValueKind: JsonValueKind.Object } o ? o.EnumerateObject().Select(p => p.Name) : [];

    private static JsonElement? Of(JsonElement? element, string name) => element is { ValueKind: JsonValueKind.Object } o && o.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? Text(JsonElement? value) => value switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Array } array when array.EnumerateArray().All(e => e.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object)) => string.Join(", ", array.EnumerateArray().Select(e => Text(e))),
        { } other => other.GetRawText(),
    };
}
