using System.Globalization;
using System.Text;

namespace PayFlow.Admin.Views;

/// <summary>Ticked rows as an address says them, so that a shared link shows the same ones. Bounded: a selection that is too long for an address is not in it.</summary>
internal static class SelectionText
{
    /// <summary>All that the filter finds.</summary>
    public const string All = "all";

    /// <summary>Browsers and proxies cut longer addresses.</summary>
    private const int Longest = 1_500;

    private const int Most = 1_000;

    /// <summary>Numbers in order, a run of them by its ends: <c>3-9.12</c>.</summary>
    /// <returns>Null for none, or for too many.</returns>
    public static string? Of(IEnumerable<long> ids)
    {
        var sorted = ids.Distinct().Order().ToList();
        var text = new StringBuilder();
        for (var i = 0; i < sorted.Count;)
        {
            var last = i;
            while (last + 1 < sorted.Count && sorted[last + 1] == sorted[last] + 1)
                last++;
            text.Append(text.Length > 0 ? "." : null).Append(sorted[i].ToString(CultureInfo.InvariantCulture));
            if (last > i)
                text.Append('-').Append(sorted[last].ToString(CultureInfo.InvariantCulture));
            i = last + 1;
        }
        return Bounded(text.ToString());
    }

    /// <summary>Reads <see cref="Of(IEnumerable{long})"/>; what is no number is left out.</summary>
    public static IReadOnlyList<long> Ids(string? text)
    {
        var ids = new List<long>();
        foreach (var part in (text ?? string.Empty).Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !long.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first) || !long.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last))
                continue;
            for (var id = first; id <= last && ids.Count < Most && id < long.MaxValue; id++)
                ids.Add(id);
        }
        return ids;
    }

    /// <summary>Texts, one after the other: <c>a,b</c>, with what would be taken for a comma escaped.</summary>
    public static string? Of(IEnumerable<string> texts) => Bounded(string.Join(',', texts.Select(t => t.Replace("!", "!1", StringComparison.Ordinal).Replace(",", "!2", StringComparison.Ordinal))));

    /// <summary>Reads <see cref="Of(IEnumerable{string})"/>.</summary>
    public static IReadOnlyList<string> Texts(string? text) =>
        [.. (text ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries).Take(Most).Select(t => t.Replace("!2", ",", StringComparison.Ordinal).Replace("!1", "!", StringComparison.Ordinal))];

    private static string? Bounded(string text) => text.Length is > 0 and <= Longest ? text : null;
}
