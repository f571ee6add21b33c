using System.Globalization;

namespace PayFlow.Admin.Jobs.Cron;

/// <summary>One item of a field's list: a value, a range, or either with a step.</summary>
/// <param name="From">The first value; null for <c>*</c>.</param>
/// <param name="To">The last one; null for a single value, and for a step that goes on to the end.</param>
/// <param name="Step">Every so many; null without.</param>
internal sealed record CronTerm(int? From, int? To, int? Step)
{
    public bool IsAny => this is { From: null, Step: null or 1 };

    public bool IsValue => this is { From: not null, To: null, Step: null };

    /// <summary>From the field's beginning on.</summary>
    public bool IsStepOfAll(int least) => Step is > 1 && To is null && (From is null || From == least);

    /// <summary>The items of a field; null where one of them is of another kind (<c>L</c>, <c>W</c>, <c>#</c>).</summary>
    /// <param name="field">As it is written.</param>
    /// <param name="names">Names for values, by their first three letters; null where there are none.</param>
    public static IReadOnlyList<CronTerm>? Read(string field, IReadOnlyDictionary<string, int>? names)
    {
        var terms = new List<CronTerm>();
        foreach (var item in field.Split(','))
        {
            var parts = item.Split('/');
            var step = parts.Length > 1 ? Number(parts[1], null) : null;
            if (parts.Length > 2 || parts.Length > 1 && step is null)
                return null;
            if (parts[0] is "*" or "?")
            {
                terms.Add(new CronTerm(null, null, step));
                continue;
            }
            var ends = parts[0].Split('-');
            var from = Number(ends[0], names);
            var to = ends.Length > 1 ? Number(ends[1], names) : null;
            if (from is null || ends.Length > 2 || ends.Length > 1 && to is null)
                return null;
            terms.Add(new CronTerm(from, to, step));
        }
        return terms;
    }

    /// <summary>All its values.</summary>
    public IEnumerable<int> Values(int least, int most)
    {
        var (from, to) = (From ?? least, To ?? (From is null || Step is not null ? most : From.Value));
        // FRI-MON goes over the end.
        var count = (to >= from ? to - from : to - from + (most - least + 1)) + 1;
        for (var i = 0; i < count; i += Step ?? 1)
            yield return from + i > most ? from + i - (most - least + 1) : from + i;
    }

    private static int? Number(string text, IReadOnlyDictionary<string, int>? names) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : names is not null && names.TryGetValue(text.ToUpperInvariant(), out var named) ? named
        : null;
}
