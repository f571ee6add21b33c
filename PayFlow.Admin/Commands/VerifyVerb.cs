using System.CommandLine;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Integrity.Verify;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow verify</c>: whether a till and central hold the same.</summary>
internal sealed class VerifyVerb : Verb
{
    private static readonly Option<string?> Tables = new("--tables") { Description = "Only these tables of the till, separated by commas.", HelpName = "A,B" };
    private static readonly Option<int> Limit = new("--limit") { Description = "Differences to list for each table.", HelpName = "N", DefaultValueFactory = _ => 5 };

    public VerifyVerb(CommandRunner runner)
        : base("verify", "Compare the till with central, row by row, and change nothing. Ends with 0 when they are equal, with 3 when they differ.", runner,
            runner.Options.Sqlite, runner.Options.Terminal, Tables, Limit)
    {
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        call.ReadSettings();
        await using var till = await VerifiedTill.OpenAsync(call);
        var request = new VerifyRequest { Tables = VerifiedTill.Names(call.Get(Tables)), Samples = Math.Max(0, call.Get(Limit)) };
        var report = await ProgressDisplay.RunAsync(call.Output, till.Terminal, progress => new Verification(till.Path, till.Central.Source).RunAsync(request, progress, call.Cancelled));
        call.Output.Json(VerifyReportText.Document(report));
        VerifyReportText.Show(call.Output, report);
        if (!report.IsEqual)
            call.Output.Line($"  next: payflow repair --from central|terminal --dry-run --sqlite {ShellWord.Of(till.Path)}");
        return report.IsEqual ? ExitCode.Done : ExitCode.Different;
    }
}
