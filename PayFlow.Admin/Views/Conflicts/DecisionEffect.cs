using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Views.Conflicts;

/// <summary>Says beforehand what a decision does to either side.</summary>
internal static class DecisionEffect
{
    private const int NamedFields = 4;

    public static IReadOnlyList<string> Of(ConflictEditor editor, IReadOnlyList<EditedField> fields) => editor.Obstacle is not null ? [] : editor.Shape switch
    {
        DecisionShape.RestoreOrDelete => RestoreOrDelete(editor, fields),
        DecisionShape.TakenValue => TakenValue(editor),
        _ => Fields(editor, fields),
    };

    private static List<string> Fields(ConflictEditor editor, IReadOnlyList<EditedField> fields)
    {
        var decided = fields.Where(f => f.Result is not null).ToList();
        var inCentral = decided.Where(f => f.Central is { } was && !FieldSorting.IsSame(f.Result!.Value, was)).Select(f => f.Name).ToList();
        var atTerminal = decided.Where(f => f.Terminal is { } was && !FieldSorting.IsSame(f.Result!.Value, was)).Select(f => f.Name).ToList();
        var (row, terminal) = (editor.Conflict.Row, editor.Conflict.Terminal);
        return
        [
            inCentral.Count > 0 ? $"Writes {Names(inCentral)} of {row} in central, from where all other terminals get it." : $"Central's row {row} stays as it is.",
            atTerminal.Count > 0 ? $"Queues an update of {Names(atTerminal)} for terminal {terminal}, which takes it over at its next sync." : $"Terminal {terminal} has these values already; its change is closed at its next sync.",
        ];
    }

    private static List<string> RestoreOrDelete(ConflictEditor editor, IReadOnlyList<EditedField> fields)
    {
        var (row, terminal) = (editor.Conflict.Row, editor.Conflict.Terminal);
        var isTerminalGone = editor.Conflict.TerminalRow is null;
        var own = fields.Where(f => f.Pick == FieldPick.Own).Select(f => f.Name).ToList();
        var with = own.Count > 0 ? $", with your own {Names(own)}" : string.Empty;
        return (editor.Row, isTerminalGone) switch
        {
            (ConflictSide.Keep, true) => [own.Count > 0 ? $"Writes your own {Names(own)} of {row} in central." : $"Central's row {row} stays as it is.", $"Queues the row for terminal {terminal}, which has it again after its next sync."],
            (ConflictSide.Keep, false) => [$"Restores {row} in central with the terminal's values{with}.", $"Terminal {terminal} keeps its row; its change is closed at its next sync."],
            (ConflictSide.Delete, true) => [$"Deletes {row} in central; central's change of it is lost but for the journal.", $"Terminal {terminal} has deleted it already."],
            (ConflictSide.Delete, false) => [$"Queues a delete of {row} for terminal {terminal}; its change is lost.", "Central has deleted it already."],
            _ => [],
        };
    }

    private static List<string> TakenValue(ConflictEditor editor)
    {
        var (conflict, terminal) = (editor.Conflict, editor.Conflict.Terminal);
        return editor.Row switch
        {
            ConflictSide.Central => [$"Central's row {conflict.OtherKey} stays as it is, and the row {conflict.LocalKey ?? conflict.Key} of terminal {terminal} gives way to it: what refers to it there refers to central's row from then on, or the row goes.", $"Terminal {terminal} does that at its next sync."],
            ConflictSide.Terminal => [$"Writes the row of terminal {terminal} to central, beside row {conflict.OtherKey}.", $"Queues its new values for terminal {terminal}."],
            _ => [],
        };
    }

    private static string Names(List<string> names) => names.Count <= NamedFields ? string.Join(", ", names) : $"{string.Join(", ", names.Take(NamedFields))} and {names.Count - NamedFields} more";
}
