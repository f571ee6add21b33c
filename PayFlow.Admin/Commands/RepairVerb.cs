using System.CommandLine;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Integrity.Repairs;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow repair</c>: brings one side to what the other has.</summary>
internal sealed class RepairVerb : Verb
{
    private const int Listed = 20;

    private static readonly Option<string> From = new("--from") { Description = "The side to believe: central or terminal.", HelpName = "central|terminal", Required = true };
    private static readonly Option<string?> Tables = new("--tables") { Description = "Only these tables of the till, separated by commas.", HelpName = "A,B" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say what it would do, and change nothing." };
    private static readonly Option<long?> Limit = new("--limit") { Description = "Do nothing at all when more rows differ.", HelpName = "N" };
    private static readonly Option<bool> Yes = new("--yes") { Description = $"Yes, also remove rows, and repair more than {RepairRequest.SmallRepair}." };

    public RepairVerb(CommandRunner runner)
        : base("repair", "Bring the till to what central has, or central to what the till has, in the rows that verify proves different. A run that can be rolled back.", runner,
            runner.Options.Sqlite, runner.Options.Terminal, From, Tables, DryRun, Limit, Yes)
    {
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        var options = call.ReadSettings().Options;
        var request = new RepairRequest
        {
            From = Enum.TryParse<RepairSource>(call.Get(From), ignoreCase: true, out var from) ? from : throw new SyncException(SyncErrorCode.InvalidConfiguration, $"'{call.Get(From)}' is no side", "Use --from central or --from terminal."),
            Tables = VerifiedTill.Names(call.Get(Tables)),
            IsDryRun = call.Get(DryRun),
            Limit = call.Get(Limit),
            IsConfirmed = call.Get(Yes),
            Actor = Environment.UserName,
            Samples = Listed,
        };
        await using var till = await VerifiedTill.OpenAsync(call);
        var report = await ProgressDisplay.RunAsync(call.Output, till.Terminal, progress => new Repair(till.Path, till.Central.Source, options).RunAsync(request, progress, call.Cancelled));
        call.Output.Json(RepairReportText.Document(report));
        RepairReportText.Show(call.Output, report, request);
        return report.RefusedRows > 0 ? ExitCode.RowsLeft : ExitCode.Done;
    }
}
