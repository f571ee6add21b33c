namespace PayFlow.Sync.Engine.Tables;

/// <summary>What the planner has found so far about one table, or about the whole map.</summary>
internal sealed class PlanNotes
{
    public List<PlanProblem> Problems { get; } = [];

    public List<string> Warnings { get; } = [];

    public void Problem(string table, string? column, string reason, string remedy) => Problems.Add(new PlanProblem(table, column, reason, remedy));

    public void Warn(string table, string text) => Warnings.Add($"{table}: {text}");

    /// <summary>All problems as the one exception a user sees: a single one with its remedy as the hint, several one to a line.</summary>
    public SyncException ToException() => Problems is [var only]
        ? new SyncException(SyncErrorCode.InvalidConfiguration, $"{only.Place}: {only.Reason}", Sentence(only.Remedy)) { Table = only.Table }
        : new SyncException(
            SyncErrorCode.InvalidConfiguration,
            $"The table map has {Problems.Count} problems:{string.Concat(Problems.Select(p => Environment.NewLine + "  " + p))}",
            "Is it the right file? If so, correct the table map; nothing was changed.");

    private static string Sentence(string remedy) => char.ToUpperInvariant(remedy[0]) + remedy[1..] + ".";
}
