using PayFlow.Sync.Engine.Integrity.Verify;

namespace PayFlow.Admin.Output;

/// <summary>A comparison, for people and as a document.</summary>
internal static class VerifyReportText
{
    private const int LongestValue = 40;

    public static void Show(CommandOutput output, VerifyReport report)
    {
        output.Line(report.IsEqual ? $"Terminal {report.Terminal} and central hold the same." : $"Terminal {report.Terminal} and central differ in {Figures.Count(report.Differences, "row")}.");
        var table = new TextTable("table").WithFigures("equal", "missing in till", "missing in central", "different", "on the way", "excluded");
        foreach (var t in report.Tables.Where(t => t.NotCompared is null))
            table.Add([t.Table], t.Equal, t.MissingInTerminal, t.MissingInCentral, t.Different, t.InFlight, t.Excluded.Values.Sum());
        if (!table.IsEmpty)
            output.Table(table);
        foreach (var t in report.Tables)
        {
            if (t.NotCompared is not null)
                output.Line($"not compared: {t.Table}: {t.NotCompared}");
            foreach (var (reason, rows) in t.Excluded)
                output.Line($"excluded: {Figures.Count(rows, "row")} of {t.Table}: {reason}");
            foreach (var sample in t.Samples)
                output.Line($"  {t.Table} {Describe(sample)}");
        }
        var seconds = (report.CompletedAt - report.StartedAt).TotalSeconds;
        output.Line($"{Figures.Count(report.Rows, "row")} compared in {Figures.Time(report.CompletedAt - report.StartedAt)}{(seconds > 1 ? $", {Figures.Count((long)(report.Rows / seconds))} a second" : string.Empty)}.");
    }

    public static object Document(VerifyReport report) => new
    {
        ok = report.IsEqual,
        equal = report.IsEqual,
        terminal = report.Terminal,
        startedAt = report.StartedAt,
        completedAt = report.CompletedAt,
        rows = report.Rows,
        differences = report.Differences,
        tables = report.Tables.Select(t => new { t.Table, t.NotCompared, t.Equal, t.MissingInTerminal, t.MissingInCentral, t.Different, t.InFlight, t.Excluded, t.Samples }),
    };

    private static string Describe(VerifySample sample) => sample.Kind switch
    {
        DifferenceKind.MissingInTerminal => $"{sample.Key}: the till does not have it",
        DifferenceKind.MissingInCentral => $"{sample.Key}: central does not have it",
        _ => $"{sample.Key}: {sample.Column} is {Value(sample.Terminal)} in the till, {Value(sample.Central)} in central",
    };

    private static string Value(string? value) => value is null ? "NULL" : value.Length <= LongestValue ? $"'{value}'" : $"'{value[..LongestValue]}…'";
}
