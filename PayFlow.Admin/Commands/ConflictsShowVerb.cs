using System.CommandLine;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow conflicts show</c></summary>
internal sealed class ConflictsShowVerb : Verb
{
    private readonly Argument<long> _id = new("ID") { Description = "The conflict's number." };

    public ConflictsShowVerb(CommandRunner runner)
        : base("show", "Show a conflict side by side: what was agreed on, what the till has, what central has.", runner) => Arguments.Add(_id);

    protected override async Task<int> RunAsync(Invocation call)
    {
        await using var central = await call.OpenCentralAsync();
        var conflict = await new ConflictDesk(central.Source).ShowAsync(call.Get(_id), call.Cancelled);
        call.Output.Json(new { ok = true, conflict = ConflictJson.OfDetail(conflict) });
        ConflictText.Show(call.Output, conflict);
        return ExitCode.Done;
    }
}
