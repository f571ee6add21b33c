using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Views.Terminals;

/// <summary>A terminal's attributes as people write them: <c>store_id=S1</c>, one to a line.</summary>
internal static class AttributeText
{
    public static string Write(IReadOnlyDictionary<string, string> attributes) => string.Join('\n', attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"));

    /// <exception cref="SyncException">A line is none; the message names it.</exception>
    public static Dictionary<string, string> Parse(string? text)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (line, number) in (text ?? string.Empty).ReplaceLineEndings("\n").Split('\n').Select((l, i) => (l.Trim(), i + 1)))
        {
            if (line.Length == 0)
                continue;
            var at = line.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
                throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Line {number}, \"{line}\", is not of the form name=value", "Write, for example, store_id=S1.");
            if (!attributes.TryAdd(line[..at].Trim(), line[(at + 1)..].Trim()))
                throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Line {number} names {line[..at].Trim()} a second time", "Keep one of them.");
        }
        return attributes;
    }
}
