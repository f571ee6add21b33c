using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Admin.Views.Conflicts;

/// <summary>A decision while it is being made: which field comes from where, what is still open, and what saving will do. Knows neither database nor browser.</summary>
public sealed class ConflictEditor
{
    private readonly List<string> _moved = [];
    private List<EditedField> _fields = [];

    public ConflictEditor(ConflictDetail conflict)
    {
        Conflict = conflict;
        Take(conflict);
        CurrentIndex = Math.Max(0, Differing.ToList().FindIndex(f => f.IsDisputed));
    }

    /// <summary>As it was last looked at.</summary>
    public ConflictDetail Conflict { get; private set; }

    public DecisionShape Shape { get; private set; }

    public bool IsReadOnly => Conflict.State == ConflictState.Resolved;

    /// <summary>Fields that differ: those in dispute first, each part in the table's order.</summary>
    public IReadOnlyList<EditedField> Differing { get; private set; } = [];

    /// <summary>Fields that are the same on both sides.</summary>
    public IReadOnlyList<EditedField> Equal { get; private set; } = [];

    /// <summary>The row's fate where it is in question: <see cref="ConflictSide.Keep"/> or <see cref="ConflictSide.Delete"/>; of a taken value <see cref="ConflictSide.Terminal"/> or <see cref="ConflictSide.Central"/>.</summary>
    public ConflictSide? Row { get; private set; }

    /// <summary>What changed on either side since the page was opened, one sentence each.</summary>
    public IReadOnlyList<string> Moved => _moved;

    /// <summary>Index in <see cref="Differing"/> of the field at hand.</summary>
    public int CurrentIndex { get; private set; }

    public EditedField? Current => CurrentIndex < Differing.Count ? Differing[CurrentIndex] : null;

    /// <summary>Fields are decided one by one: not while the row as a whole goes, or gives way.</summary>
    public bool DecidesFields => Shape switch
    {
        DecisionShape.RestoreOrDelete => Row == ConflictSide.Keep,
        DecisionShape.TakenValue => Row == ConflictSide.Terminal,
        _ => true,
    };

    public int FieldsLeft => DecidesFields ? _fields.Count(f => f.IsDisputed && f.Pick == FieldPick.None) : 0;

    public IEnumerable<EditedField> Faulty => DecidesFields ? _fields.Where(f => f is { Pick: FieldPick.Own, Fault: not null }) : [];

    /// <summary>Why it cannot be saved yet, as the button says it; null when it can.</summary>
    public string? Obstacle
    {
        get
        {
            if (IsReadOnly)
                return "decided already";
            if (Conflict.NowUnknown is { } unknown)
                return unknown;
            if (Shape == DecisionShape.RestoreOrDelete && Row is null)
                return "choose: restore or delete";
            if (Shape == DecisionShape.TakenValue && Row is null)
                return "choose what becomes of the terminal's row";
            if (FieldsLeft > 0)
                return FieldsLeft == 1 ? "1 field left" : $"{FieldsLeft} fields left";
            var faulty = Faulty.Select(f => f.Name).ToList();
            return faulty.Count > 0 ? $"{string.Join(", ", faulty)}: not a value of {(faulty.Count == 1 ? "its type" : "their types")}" : null;
        }
    }

    /// <summary>The texts that were typed and count, for the engine to read.</summary>
    public IReadOnlyDictionary<string, string?> Typed => DecidesFields ? _fields.Where(f => f.Pick == FieldPick.Own).ToDictionary(f => f.Name, f => f.OwnText) : [];

    public EditedField? Find(string name) => _fields.Find(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase));

    public void MoveTo(EditedField field)
    {
        if (Differing.ToList().IndexOf(field) is >= 0 and var index)
            CurrentIndex = index;
    }

    /// <summary>Goes some fields on; stays within the list.</summary>
    public void Move(int step) => CurrentIndex = Math.Clamp(CurrentIndex + step, 0, Math.Max(0, Differing.Count - 1));

    /// <summary>Takes a side's value for a field.</summary>
    /// <returns>Whether that side has one, and the field can be decided.</returns>
    public bool Choose(EditedField field, FieldPick pick)
    {
        if (IsReadOnly || !DecidesFields || !field.CanPick(pick) || pick == FieldPick.Own)
            return false;
        (field.Pick, field.IsChosen, field.IsOpen, field.Fault) = (pick, pick != FieldPick.None, false, null);
        return true;
    }

    /// <summary>Takes a side's value for every field in dispute that it has one for.</summary>
    public void ChooseAll(FieldPick pick)
    {
        foreach (var field in Differing.Where(f => f.IsDisputed))
            Choose(field, pick);
    }

    /// <summary>What becomes of the row.</summary>
    public void ChooseRow(ConflictSide side)
    {
        if (!IsReadOnly)
            Row = side;
    }

    /// <summary>Begins an own value from what the field has now; whoever leaves it untouched has chosen nothing.</summary>
    public bool Open(EditedField field)
    {
        if (IsReadOnly || !DecidesFields || !field.CanBeDecided)
            return false;
        if (field.Pick != FieldPick.Own)
            field.OwnText = Text(field.Result ?? field.Terminal ?? field.Central);
        field.IsOpen = true;
        return true;
    }

    /// <summary>Leaves the own value alone, as far as none was typed.</summary>
    public static void Close(EditedField field) => field.IsOpen = field.Pick == FieldPick.Own && field.Fault is not null;

    /// <summary>A text was typed; null for NULL. Until the engine has read it, it counts as what it says.</summary>
    public void Type(EditedField field, string? text)
    {
        if (IsReadOnly || !field.CanBeDecided)
            return;
        (field.Pick, field.IsChosen, field.OwnText, field.Fault) = (FieldPick.Own, true, text, null);
        field.Own = text is null ? CellValue.Null : CellValue.Of(text);
    }

    /// <summary>What the engine made of typed texts; one that was typed over meanwhile is left alone.</summary>
    public void Read(IReadOnlyDictionary<string, string?> texts, IReadOnlyDictionary<string, TypedField> values)
    {
        foreach (var (name, value) in values)
        {
            if (Find(name) is not { Pick: FieldPick.Own } field || field.OwnText != texts[name])
                continue;
            field.Fault = value.Fault;
            if (value.Fault is null)
                (field.Own, field.IsOpen) = (value.Value, false);
            else
                field.IsOpen = true;
        }
    }

    /// <summary>The decision as the engine takes it. To be asked for without an <see cref="Obstacle"/>.</summary>
    public ConflictChoice ToChoice() => DecisionChoice.Of(this, _fields);

    /// <summary>What saving will do, one sentence each.</summary>
    public IReadOnlyList<string> Consequences => DecisionEffect.Of(this, _fields);

    /// <summary>Takes the conflict as it is now. Choices stay, and what has changed is marked; a field that has come into dispute wants a choice.</summary>
    /// <returns>Whether anything that matters to the decision has changed.</returns>
    public bool Refresh(ConflictDetail now)
    {
        var before = Conflict;
        var old = _fields.ToDictionary(f => f.Name, StringComparer.OrdinalIgnoreCase);
        var current = Current?.Name;
        var moved = MovedSides.Find(before, now);
        Take(now);
        foreach (var field in _fields)
        {
            if (old.TryGetValue(field.Name, out var was))
                Carry(was, field, moved);
        }
        if (current is not null && Find(current) is { } same)
            MoveTo(same);
        _moved.AddRange(moved.Sentences);
        return moved.Sentences.Count > 0;
    }

    private static void Carry(EditedField was, EditedField field, MovedSides moved)
    {
        field.Moves = [.. was.Moves, .. moved.Of(field.Name)];
        (field.OwnText, field.Own, field.Fault, field.IsOpen) = (was.OwnText, was.Own, was.Fault, was.IsOpen);
        // A side that has no value any more cannot be chosen.
        if (was.IsChosen && field.CanPick(was.Pick))
            (field.Pick, field.IsChosen) = (was.Pick, true);
    }

    private void Take(ConflictDetail conflict)
    {
        var shape = ShapeOf(conflict);
        if (shape != Shape)
            Row = null;
        (Conflict, Shape) = (conflict, shape);
        _fields = FieldSorting.Sort(conflict, shape);
        Differing = [.. _fields.Where(f => f.IsDiffering).OrderByDescending(f => f.IsDisputed)];
        Equal = [.. _fields.Where(f => !f.IsDiffering)];
    }

    private static DecisionShape ShapeOf(ConflictDetail conflict) => conflict.Kind switch
    {
        ConflictKind.Unique => DecisionShape.TakenValue,
        // Whatever its kind was: without a row on one side there are no fields to compare.
        _ when conflict.TerminalRow is null || FieldSorting.CentralNow(conflict) is null => DecisionShape.RestoreOrDelete,
        _ => DecisionShape.Fields,
    };

    private static string Text(CellValue? value) => value is { IsNull: false } some ? some.ToString() : string.Empty;
}
