using System.Globalization;

namespace PayFlow.Admin.Jobs.Cron;

/// <summary>The months and years of a schedule in words.</summary>
internal static class CronMonthText
{
    private static readonly string[] Names = CultureInfo.InvariantCulture.DateTimeFormat.MonthNames[..12];

    /// <summary>The months by their first three letters.</summary>
    public static readonly IReadOnlyDictionary<string, int> Short = Names.Select((name, i) => (name, i)).ToDictionary(n => n.name[..3].ToUpperInvariant(), n => n.i + 1);

    /// <summary>Null for every month of every year.</summary>
    public static string? Describe(string month, string year)
    {
        var months = month is "*" or "?" ? null : Months(CronTerm.Read(month, Short)!);
        var years = year is "*" or "?" ? null : Years(CronTerm.Read(year, null)!);
        return months is null && years is null ? null : string.Join(' ', new[] { months, years }.OfType<string>());
    }

    private static string Months(IReadOnlyList<CronTerm> terms) => terms switch
    {
        [{ From: { } from, To: { } to, Step: null }] => $"from {Names[from - 1]} to {Names[to - 1]}",
        _ => $"in {WordList.And(terms.SelectMany(t => t.Values(1, 12)).Distinct().Order().Select(m => Names[m - 1]))}",
    };

    private static string? Years(IReadOnlyList<CronTerm> terms) => terms switch
    {
        _ when terms.Any(t => t.IsAny) => null,
        [{ From: { } from, To: { } to, Step: null }] => string.Create(CultureInfo.InvariantCulture, $"from {from} to {to}"),
        [{ From: var from, Step: { } step }] => string.Create(CultureInfo.InvariantCulture, $"every {WordList.Ordinal(step)} year{(from is null ? string.Empty : $" from {from} on")}"),
        _ => $"in {WordList.And(terms.SelectMany(t => t.Values(1970, 2099)).Distinct().Order().Select(y => y.ToString(CultureInfo.InvariantCulture)))}",
    };
}
