using System.Globalization;
using System.Text;
using PayFlow.Faults.Chain;
using PayFlow.Faults.Kinds;

namespace PayFlow.Faults.Matrix;

/// <summary>The matrix: fault × seeds × hits × what was found.</summary>
internal static class MatrixTable
{
    private static readonly FindingKind[] Kinds = Enum.GetValues<FindingKind>();

    private static readonly string[] Heads = ["fault", "seeds", "hits", .. Kinds.Select(k => k.ToString().ToLowerInvariant())];

    public static string Text(IReadOnlyList<SeedResult> results)
    {
        var rows = Rows(results).Prepend(Heads).ToList();
        var widths = Heads.Select((_, i) => rows.Max(r => r[i].Length)).ToList();
        return string.Join('\n', rows.Select(r => string.Join("  ", r.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])))));
    }

    public static string Markdown(IReadOnlyList<SeedResult> results)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", Heads)} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(Heads.Skip(1).Select(_ => "--:|"))}");
        foreach (var row in Rows(results))
            text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |");
        text.AppendLine().AppendLine("Where they struck:").AppendLine();
        foreach (var kind in FaultKind.All)
        {
            if (Where(results, kind) is { Length: > 0 } where)
                text.AppendLine(CultureInfo.InvariantCulture, $"- **{kind.Name}** ({kind.Text}): {where}");
        }
        return text.ToString();
    }

    /// <summary>How often a fault struck, by where: <c>batch-applied 12, page-read 9</c>.</summary>
    public static string Where(IReadOnlyList<SeedResult> results, FaultKind kind) => string.Join(", ",
        results.Where(r => r.Kind == kind).SelectMany(r => r.Hits).GroupBy(h => h.Key).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} {g.Sum(h => h.Value)}"));

    private static IEnumerable<string[]> Rows(IReadOnlyList<SeedResult> results)
    {
        foreach (var kind in FaultKind.All.Where(k => results.Any(r => r.Kind == k)))
            yield return Row(kind.Name, [.. results.Where(r => r.Kind == kind)]);
        yield return Row("all", results);
    }

    private static string[] Row(string name, IReadOnlyList<SeedResult> results) =>
        [name, Show(results.Count), Show(results.Sum(r => r.Kind.Name == "none" ? 0 : r.Hits.Values.Sum())), .. Kinds.Select(k => Show(results.Count(r => r.Has(k))))];

    private static string Show(int number) => number.ToString(CultureInfo.InvariantCulture);
}
