using PayFlow.Sync.Engine.Tables.Parity;

namespace PayFlow.Admin.Output;

/// <summary>What the comparison of two schemas found, for people and for programs.</summary>
internal static class FindingText
{
    public static object Json(SchemaFinding finding) => new
    {
        severity = Word(finding.Severity),
        side = finding.Side.ToString().ToLowerInvariant(),
        table = finding.Table,
        column = finding.Column,
        message = finding.Message,
        remedy = finding.Remedy,
    };

    /// <summary>A table's findings under its name.</summary>
    public static void Show(CommandOutput output, string table, IEnumerable<SchemaFinding> findings)
    {
        output.Line(table);
        foreach (var finding in findings)
        {
            output.Line($"  {Word(finding.Severity),-8} {finding.Side.ToString().ToLowerInvariant()}{(finding.Column is null ? string.Empty : " " + finding.Column)}: {finding.Message}");
            if (finding.Remedy is not null)
                output.Line($"           → {finding.Remedy.ReplaceLineEndings("\n             ")}");
        }
    }

    private static string Word(FindingSeverity severity) => severity.ToString().ToLowerInvariant();
}
