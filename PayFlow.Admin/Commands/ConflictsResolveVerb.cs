using System.CommandLine;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow conflicts resolve</c>: one by its number, or many by what they have in common.</summary>
internal sealed class ConflictsResolveVerb : Verb
{
    private const int PreviewedRows = 10;

    private static readonly Option<string?> Take = new("--take") { Description = "terminal or central; where one side deleted the row also keep or delete.", HelpName = "SIDE" };
    private static readonly Option<string[]> Set = new("--set") { Description = "A field's value, such as --set phone=123; may be given several times.", HelpName = "FIELD=VALUE" };
    private static readonly Option<string[]> Field = new("--field") { Description = "Where a field's value comes from: terminal, central, base or null; may be given several times.", HelpName = "FIELD=SIDE" };
    private static readonly Option<int?> Version = new("--version") { Description = "The version that was looked at: refused when the conflict has changed since.", HelpName = "N" };
    private static readonly Option<bool> All = new("--all") { Description = "All open conflicts that --terminal, --table, --kind and --since name." };
    private static readonly Option<bool> Yes = new("--yes") { Description = "With --all: do it. Without, it is only said what would be decided." };

    private readonly Argument<long?> _id = new("ID") { Description = "The conflict's number.", Arity = ArgumentArity.ZeroOrOne };

    public ConflictsResolveVerb(CommandRunner runner)
        : base("resolve", "Decide a conflict, or all that a filter names.", runner,
            Take, Set, Field, Version, Actor.Reason, Actor.As, All, ConflictOptions.Terminal, ConflictOptions.Table, ConflictOptions.Kind, ConflictOptions.Since, Yes) => Arguments.Add(_id);

    protected override async Task<int> RunAsync(Invocation call)
    {
        var choice = ConflictChoiceText.Read(call.Get(Take), call.Get(Set) ?? [], call.Get(Field) ?? []);
        var filter = ConflictOptions.Read(call, ConflictState.Open);
        RequireOneOrAll(call.Get(_id), call.Get(All), filter);
        await using var central = await call.OpenCentralAsync();
        await KnownNames.RequireAsync(central.Source, filter, call.Cancelled);
        if (call.Get(_id) is not { } id)
            return await ResolveAllAsync(call, new BulkResolution(central.Source, filter, choice));
        var outcome = await new ConflictResolver(central.Source).ResolveAsync(id, call.Get(Version), choice, Actor.Of(call), call.Get(Actor.Reason), call.Cancelled);
        call.Output.Json(new { ok = true, resolved = ConflictJson.OfOutcome(outcome) });
        ConflictText.Resolved(call.Output, outcome);
        return ExitCode.Done;
    }

    private static async Task<int> ResolveAllAsync(Invocation call, BulkResolution bulk)
    {
        if (!call.Get(Yes))
        {
            var preview = await bulk.PreviewAsync(PreviewedRows, call.Cancelled);
            call.Output.Json(new { ok = true, preview = true, conflicts = preview.Total, counts = preview.Counts, first = preview.First.Select(ConflictJson.Of) });
            ConflictText.Preview(call.Output, preview, call.Get(Take));
            return ExitCode.Done;
        }
        var shown = new InlineProgress(call.Output);
        var result = await bulk.ExecuteAsync(Actor.Of(call), call.Get(Actor.Reason), shown, call.Cancelled);
        call.Output.Json(new { ok = result.Refused.Count == 0, resolved = result.Resolved, refused = result.Refused });
        ConflictText.Resolved(call.Output, result);
        return result.Refused.Count == 0 ? ExitCode.Done : ExitCode.RowsLeft;
    }

    private static void RequireOneOrAll(long? id, bool all, ConflictFilter filter)
    {
        var isFiltered = filter.Terminal is not null || filter.Table is not null || filter.Kind is not null || filter.Since is not null;
        if (id is null && !all)
            throw new SyncException(SyncErrorCode.InvalidConfiguration, "No conflict was named", "Give its number, or --all with a filter; payflow conflicts list shows those that wait.");
        if (id is not null && (all || isFiltered))
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Conflict {id} was named, and a filter as well", "Give either a number or --all with a filter.");
    }

    /// <summary>One line for every hundred decided, on standard error.</summary>
    private sealed class InlineProgress(CommandOutput output) : IProgress<BulkProgress>
    {
        private const int Step = 100;

        public void Report(BulkProgress value)
        {
            if (value.Done % Step == 0)
                output.Note($"payflow: {Figures.Count(value.Done)} of {Figures.Count(value.Total, "conflict")} decided");
        }
    }
}
