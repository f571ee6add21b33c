using System.CommandLine;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow conflicts list</c></summary>
internal sealed class ConflictsListVerb : Verb
{
    private const int MaxLimit = 1_000;

    private static readonly Option<string> State = new("--state") { Description = "open, resolved or all.", HelpName = "STATE", DefaultValueFactory = _ => "open" };
    private static readonly Option<int> Limit = new("--limit") { Description = "At most so many.", HelpName = "N", DefaultValueFactory = _ => 50 };
    private static readonly Option<long?> After = new("--after") { Description = "Go on behind this conflict.", HelpName = "ID" };

    public ConflictsListVerb(CommandRunner runner)
        : base("list", "List conflicts, the oldest first.", runner, ConflictOptions.Terminal, ConflictOptions.Table, ConflictOptions.Kind, State, ConflictOptions.Since, Limit, After)
    {
    }

    protected override async Task<int> RunAsync(Invocation call)
    {
        var filter = ConflictOptions.Read(call, ReadState(call.Get(State)!));
        var limit = call.Get(Limit);
        if (limit is < 1 or > MaxLimit)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"--limit {limit} is out of range", $"Use 1 to {MaxLimit}, and --after to go on.");
        await using var central = await call.OpenCentralAsync();
        await KnownNames.RequireAsync(central.Source, filter, call.Cancelled);
        var page = await new ConflictDesk(central.Source).ListAsync(filter, call.Get(After), limit, call.Cancelled);
        call.Output.Json(new { ok = true, conflicts = page.Conflicts.Select(ConflictJson.Of), after = page.After });
        ConflictText.List(call.Output, page, filter);
        return ExitCode.Done;
    }

    private static ConflictState? ReadState(string text) => text.ToLowerInvariant() switch
    {
        "open" => ConflictState.Open,
        "resolved" => ConflictState.Resolved,
        "all" => null,
        _ => throw new SyncException(SyncErrorCode.InvalidConfiguration, $"'{text}' is no state of a conflict", "Use open, resolved or all."),
    };
}
