using System.CommandLine;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow attach</c>: makes a SQLite file a terminal of central.</summary>
internal sealed class AttachVerb : Verb
{
    private static readonly Option<string?> DisplayName = new("--name") { Description = "What people call the till.", HelpName = "TEXT" };
    private static readonly Option<bool> AsNew = new("--as-new") { Description = "The file is a copy of another till's: it becomes a till of its own, under a new id." };

    public AttachVerb(CommandRunner runner)
        : base("attach", "Make a till's SQLite file a terminal of central: its changes are captured from now on. The default id is the file's name without its ending.", runner,
            runner.Options.Sqlite, runner.Options.Terminal, DisplayName, AttributeOption.Option, AsNew, runner.Options.Map)
    {
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        call.ReadSettings();
        var path = call.RequireSqliteFile();
        var map = MapFile.Read(call);
        var attributes = AttributeOption.Read(call);
        var terminal = TerminalFile.IdFor(call, path, call.Get(AsNew));

        await using var central = await call.OpenCentralAsync();
        var request = new AttachRequest { Path = path, Terminal = terminal, Name = call.Get(DisplayName), Attributes = attributes, AsNew = call.Get(AsNew) };
        Show(call.Output, await AttachAsync(central, request, map, call.Cancelled), path, central.Place);
        return ExitCode.Done;
    }

    // The map is every till's: a file that cannot be attached leaves it as it was.
    private static async Task<AttachReport> AttachAsync(OpenedCentral central, AttachRequest request, TableMap? map, CancellationToken cancellationToken)
    {
        var maps = new TableMapStore(central.Source);
        var before = await maps.LoadAsync(cancellationToken);
        var saved = await MapFile.SaveAsync(map, request.Path, central, cancellationToken, request);
        try
        {
            return await new Attachment(central.Source).AttachAsync(request, cancellationToken);
        }
        catch when (saved is not null)
        {
            // Unless somebody has saved another one meanwhile, which then stays.
            if ((await maps.LoadAsync(CancellationToken.None)).Version == saved)
                await maps.SaveAsync(before.Map, saved, CancellationToken.None);
            throw;
        }
    }

    private static void Show(CommandOutput output, AttachReport report, string path, string place)
    {
        var waiting = report.WaitingForBootstrap.Values.Sum();
        output.Json(new
        {
            ok = true,
            terminal = report.Terminal,
            file = Path.GetFullPath(path),
            central = place,
            wasAttached = report.WasAttached,
            tables = report.Tables,
            waitingForBootstrap = report.WaitingForBootstrap,
            warnings = report.Warnings,
        });
        output.Line(report.WasAttached
            ? $"Terminal {report.Terminal} was attached already; {path} is up to date with central {place}."
            : $"Terminal {report.Terminal} is attached: {path} ↔ central {place}.");
        output.Line(report.Tables.Count == 0 ? "No table is synced yet." : $"{Figures.Count(report.Tables.Count, "table")} synced: {string.Join(", ", report.Tables)}");
        foreach (var warning in report.Warnings)
            output.Line($"warning: {warning}");
        output.Line();
        if (waiting > 0)
        {
            output.Line($"waiting: {Figures.Count(waiting, "row")} from before, not compared with central yet ({string.Join(", ", report.WaitingForBootstrap.Where(w => w.Value > 0).Select(w => $"{w.Key} {Figures.Count(w.Value)}"))}).");
            output.Line($"next: payflow bootstrap --sqlite {path}        (add --dry-run to see first what it would do)");
        }
        else if (report.Tables.Count > 0)
        {
            output.Line($"next: payflow sync --sqlite {path}");
        }
        else
        {
            output.Line($"next: payflow schema --sqlite {path}        (says what does not fit)");
        }
    }
}
