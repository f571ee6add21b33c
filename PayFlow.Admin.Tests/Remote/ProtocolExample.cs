using System.Text.Json;
using System.Text.RegularExpressions;

namespace PayFlow.Admin.Tests.Remote;

/// <summary>A request and its answer, as <c>docs/protocol.md</c> shows them in a block of the kind <c>http</c>: request line, headers, an empty line, body; an empty line, status, body.</summary>
internal sealed partial record ProtocolExample(string Method, string Path, IReadOnlyList<(string Name, string Value)> Headers, string? Body, int Status, string? Answer)
{
    /// <summary>Stands for further members of an object, or elements of a list, that the example leaves out.</summary>
    private const string More = "…";

    public static IReadOnlyList<ProtocolExample> ReadAll(string markdown) => [.. Block().Matches(markdown).Select(m => Parse(m.Groups["text"].Value))];

    /// <summary>What in the answer is not as the example shows it; null when nothing is. <c>{{name}}</c> stands for any value and is kept under its name.</summary>
    public static string? Compare(JsonElement shown, JsonElement given, string at, IDictionary<string, string> names)
    {
        if (shown.ValueKind == JsonValueKind.String && Name().Match(shown.GetString()!) is { Success: true } name)
        {
            names[name.Groups["name"].Value] = given.ValueKind == JsonValueKind.String ? given.GetString()! : given.GetRawText();
            return null;
        }
        if (shown.ValueKind != given.ValueKind)
            return $"{at}: {shown.GetRawText()} is shown, {given.GetRawText()} came";
        return shown.ValueKind switch
        {
            JsonValueKind.Object => CompareMembers(shown, given, at, names),
            JsonValueKind.Array => CompareElements([.. shown.EnumerateArray()], [.. given.EnumerateArray()], at, names),
            _ => shown.GetRawText() == given.GetRawText() || (shown.ValueKind == JsonValueKind.String && shown.GetString() == given.GetString()) ? null : $"{at}: {shown.GetRawText()} is shown, {given.GetRawText()} came",
        };
    }

    private static string? CompareMembers(JsonElement shown, JsonElement given, string at, IDictionary<string, string> names)
    {
        foreach (var member in shown.EnumerateObject().Where(m => m.Name != More))
        {
            if (!given.TryGetProperty(member.Name, out var value))
                return $"{at}.{member.Name} is shown, and did not come";
            if (Compare(member.Value, value, $"{at}.{member.Name}", names) is { } difference)
                return difference;
        }
        return shown.TryGetProperty(More, out _) ? null : given.EnumerateObject().Where(m => !shown.TryGetProperty(m.Name, out _)).Select(m => $"{at}.{m.Name} came, and is not shown").FirstOrDefault();
    }

    private static string? CompareElements(List<JsonElement> shown, List<JsonElement> given, string at, IDictionary<string, string> names)
    {
        var hasMore = shown.Count > 0 && shown[^1].ValueKind == JsonValueKind.String && shown[^1].GetString() == More;
        var count = hasMore ? shown.Count - 1 : shown.Count;
        if (given.Count < count || (!hasMore && given.Count > count))
            return $"{at}: {count} elements are shown, {given.Count} came";
        return Enumerable.Range(0, count).Select(i => Compare(shown[i], given[i], $"{at}[{i}]", names)).FirstOrDefault(d => d is not null);
    }

    private static ProtocolExample Parse(string text)
    {
        var parts = text.Trim().Split("\n\n");
        var lines = parts[0].Split('\n');
        var request = lines[0].Split(' ');
        var answer = parts[^1].Split('\n', 2);
        var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).Select(h => (h[0], h[1])).ToList();
        return new ProtocolExample(request[0], request[1], headers, parts.Length > 2 ? parts[1] : null, int.Parse(answer[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), answer.Length > 1 ? answer[1] : null);
    }

    [GeneratedRegex(@"^```http\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\{\{(?<name>\w+)\}\}$", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
