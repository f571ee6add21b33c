using PayFlow.Admin.Output;
using PayFlow.Sync.Engine.Tables.Parity;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow schema</c>: says where the two databases do not fit, and what to do about it.</summary>
internal sealed class SchemaVerb : Verb
{
    public SchemaVerb(CommandRunner runner)
        : base("schema", "Compare the tables of a till and of central, and say what does not fit. Changes nothing.", runner, runner.Options.Sqlite, runner.Options.Map)
    {
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        var path = call.RequireSqliteFile();
        var given = MapFile.Read(call);
        using var terminal = TerminalConnection.Open(path);
        await using var central = await call.OpenCentralAsync();
        var map = await MapFile.OrStoredAsync(given, central, call.Cancelled);
        await using var connection = await central.Source.OpenConnectionAsync(call.Cancelled);
        var report = await Provisioner.CompareAsync(terminal, connection, map, call.Cancelled);

        call.Output.Json(new { ok = report.IsUsable, file = Path.GetFullPath(path), central = central.Place, findings = report.Findings.Select(FindingText.Json) });
        foreach (var table in report.Findings.GroupBy(f => f.Table, StringComparer.OrdinalIgnoreCase))
            FindingText.Show(call.Output, table.Key, table);
        var (errors, warnings) = (report.Count(FindingSeverity.Error), report.Count(FindingSeverity.Warning));
        call.Output.Line(report.IsUsable
            ? warnings == 0 ? "Both databases fit." : $"Both databases fit; {Figures.Count(warnings, "warning")}."
            : $"{Figures.Count(errors, "error")} and {Figures.Count(warnings, "warning")}: what is in error cannot be synced as it is.");
        return report.IsUsable ? ExitCode.Done : ExitCode.Failed;
    }
}
