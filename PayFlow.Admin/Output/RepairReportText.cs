using PayFlow.Sync.Engine.Integrity.Repairs;

namespace PayFlow.Admin.Output;

/// <summary>A repair, for people and as a document.</summary>
internal static class RepairReportText
{
    public static void Show(CommandOutput output, RepairReport report, RepairRequest request)
    {
        if (report.RunId is not { } run)
        {
            VerifyReportText.Show(output, report.Found);
            if (!report.Found.IsEqual)
                output.Line($"Repair would bring these rows to what {(request.From == RepairSource.Central ? "central" : "the till")} has. Nothing was changed.");
            return;
        }
        output.Line(request.From == RepairSource.Central
            ? $"Terminal {report.Found.Terminal} repaired from central; run {run}."
            : $"Central repaired from terminal {report.Found.Terminal}; run {run}.");
        var table = new TextTable("table").WithFigures("written", "removed", "settled by itself", "refused");
        foreach (var t in report.Tables)
            table.Add([t.Table], t.Written, t.Removed, t.Settled, t.Refused);
        if (!table.IsEmpty)
            output.Table(table);
        foreach (var row in report.Refused)
            output.Line($"refused: {row.Table} {row.Key}: {row.Reason}");
    }

    public static object Document(RepairReport report) => new
    {
        ok = report.RefusedRows == 0,
        runId = report.RunId,
        found = VerifyReportText.Document(report.Found),
        tables = report.Tables,
        refused = report.Refused,
    };
}
