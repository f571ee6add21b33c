using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>What central did to a row since its conflict was recorded.</summary>
/// <param name="Kind">The conflict's kind from now on.</param>
/// <param name="Fields">The fields in dispute from now on.</param>
/// <param name="Words">What changed, in words.</param>
internal sealed record CentralMove(string Kind, IReadOnlyList<string> Fields, string Words)
{
    /// <summary>Null when central's row is still what was recorded.</summary>
    public static CentralMove? Find(ConflictTable table, ConflictDetail conflict, CellValue[]? central)
    {
        if (central is null || conflict.CentralRow is null)
        {
            return central is null == conflict.CentralRow is null ? null
                : central is null ? new(Gone(conflict.Kind), conflict.Fields, "central has deleted the row")
                : new(Back(conflict.Kind), Disputed(table, conflict, central), "the row is in central again");
        }
        var moved = new List<(string Name, CellValue Was, CellValue Now)>();
        for (var i = 0; i < central.Length; i++)
        {
            // A column that came later was never looked at.
            if (conflict.CentralRow.TryGetValue(table.Names[i], out var was) && was != central[i])
                moved.Add((table.Names[i], was, central[i]));
        }
        return moved.Count == 0 ? null
            : new(conflict.Kind, Disputed(table, conflict, central), "central changed " + string.Join(", ", moved.Select(m => $"{m.Name} from {ConflictImage.Words(m.Was)} to {ConflictImage.Words(m.Now)}")));
    }

    public SyncException ToException(Conflict conflict) =>
        new(SyncErrorCode.Moved, $"Conflict {conflict.Id} ({conflict.Row}) was not decided: {Words} since it was looked at", $"Look again, then decide: payflow conflicts show {conflict.Id}")
        { Terminal = conflict.Terminal, Table = conflict.Table, Key = conflict.Key ?? conflict.LocalKey };

    private static string Gone(string kind) => kind is ConflictKind.UpdateUpdate or ConflictKind.InsertInsert ? ConflictKind.UpdateDelete : kind;

    private static string Back(string kind) => kind == ConflictKind.UpdateDelete ? ConflictKind.UpdateUpdate : kind;

    // What was in dispute stays so, and what both sides have changed by now joins it.
    private static List<string> Disputed(ConflictTable table, ConflictDetail conflict, CellValue[] central)
    {
        var fields = conflict.Fields.ToList();
        if (conflict.TerminalRow is not { } terminal || conflict.Kind == ConflictKind.Unique)
            return fields;
        for (var i = 0; i < central.Length; i++)
        {
            var column = table.Plan.Columns[i];
            var name = column.Terminal.Name;
            if (!column.IsKey && !column.IsGeneratedInCentral && !fields.Contains(name, StringComparer.OrdinalIgnoreCase) && terminal.TryGetValue(name, out var theirs) && theirs != central[i]
                && (conflict.Base is null || !conflict.Base.TryGetValue(name, out var was) || was != theirs && was != central[i]))
                fields.Add(name);
        }
        return fields;
    }
}
