namespace PayFlow.Sync.Engine.Tables;

/// <summary>Why something cannot be synced, and what to do about it.</summary>
/// <param name="Table">The terminal's table, as the map names it.</param>
/// <param name="Column">The column; null where the whole table is meant.</param>
/// <param name="Reason">In words without a full stop; fields of the map stand in quotes.</param>
/// <param name="Remedy">What to do, in the same form.</param>
public sealed record PlanProblem(string Table, string? Column, string Reason, string Remedy)
{
    internal string Place => Column is null ? $"table {Table}" : $"{Table}.{Column}";

    public override string ToString() => $"{Place}: {Reason}; {Remedy}";
}
