using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Views.Terminals;

/// <summary>A terminal's attributes as people write them: <c>store_id=S1</c>, one to a line.</summary>
internal static class AttributeText
{
    private const int LongestName = 100;

    private const int LongestValue = 1_000;

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
                throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Line {number}, \"{PlainText.Short(line)}\", is not of the form name=value", "Write, for example, store_id=S1.");
            if ((PlainText.Fault(line[..at], LongestName) ?? PlainText.Fault(line[(at + 1)..], LongestValue)) is { } fault)
                throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Line {number} cannot be kept: {fault.TrimEnd('.')}", $"A name has {LongestName:N0} characters at most, a value {LongestValue:N0}.");
            if (!attributes.TryAdd(line[..at].Trim(), line[(at + 1)..].Trim()))
                throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Line {number} names {line[..at].Trim()} a second time", "Keep one of them.");
        }
        return attributes;
    }
}
