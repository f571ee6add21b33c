using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Views.Conflicts;

/// <summary>Says a decision in the engine's words: a side where one side was taken throughout, single fields otherwise.</summary>
internal static class DecisionChoice
{
    public static ConflictChoice Of(ConflictEditor editor, IReadOnlyList<EditedField> fields)
    {
        var named = editor.DecidesFields ? fields.Where(f => f.Pick == FieldPick.Own || f.Pick != f.Suggestion).ToDictionary(f => f.Name, Choice) : [];
        if (editor.Shape == DecisionShape.Fields)
            return Side(fields, named.Count) is { } side ? ConflictChoice.Of(side) : new ConflictChoice { Fields = named };
        // A terminal's row that keeps its own value needs no words about it.
        if (editor is { Shape: DecisionShape.TakenValue, Row: ConflictSide.Terminal })
            named = named.Where(f => f.Value.Source != FieldSource.Terminal).ToDictionary();
        return new ConflictChoice { Take = editor.Row, Fields = named };
    }

    private static ConflictSide? Side(IReadOnlyList<EditedField> fields, int named)
    {
        var disputed = fields.Where(f => f.IsDisputed).ToList();
        if (named != disputed.Count)
            return null;
        return disputed.TrueForAll(f => f.Pick == FieldPick.Terminal) ? ConflictSide.Terminal : disputed.TrueForAll(f => f.Pick == FieldPick.Central) ? ConflictSide.Central : null;
    }

    private static FieldChoice Choice(EditedField field) => field.Pick switch
    {
        FieldPick.Terminal => new FieldChoice(FieldSource.Terminal),
        FieldPick.Central => new FieldChoice(FieldSource.Central),
        FieldPick.Base => new FieldChoice(FieldSource.Base),
        FieldPick.Own => FieldChoice.Of(field.Own),
        _ => throw new InvalidOperationException($"Nothing was chosen for {field.Name}."),
    };
}
