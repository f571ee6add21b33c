using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Views.Conflicts;

/// <summary>A field of a conflict while somebody decides about it. A side's value is null where that side has no such row, or did not say.</summary>
public sealed class EditedField
{
    public required string Name { get; init; }

    /// <summary>Null when the table has left the map.</summary>
    public RowColumn? Column { get; init; }

    public CellValue? Base { get; init; }

    public CellValue? Terminal { get; init; }

    public CellValue? Central { get; init; }

    public ChangedBy ChangedBy { get; init; }

    /// <summary>Somebody has to choose.</summary>
    public bool IsDisputed { get; init; }

    /// <summary>Its value may be there only once, and another row of central has it.</summary>
    public bool IsTaken { get; init; }

    /// <summary>Shown at the top: the sides differ, or it is in dispute.</summary>
    public bool IsDiffering { get; init; }

    /// <summary>The sides' values look alike but for blanks, or signs that cannot be seen.</summary>
    public bool IsOnlyBlanks { get; init; }

    /// <summary>What the decision makes of it without anybody's choice.</summary>
    public FieldPick Suggestion { get; init; }

    public FieldPick Pick { get; set; }

    /// <summary>A person has chosen, not a rule.</summary>
    public bool IsChosen { get; set; }

    /// <summary>What was typed; null for NULL.</summary>
    public string? OwnText { get; set; }

    /// <summary>What was typed as the engine reads it.</summary>
    public CellValue Own { get; set; }

    /// <summary>Why what was typed is no value of the column.</summary>
    public string? Fault { get; set; }

    /// <summary>The own value is being edited.</summary>
    public bool IsOpen { get; set; }

    /// <summary>What changed on either side since it was looked at, in words.</summary>
    public IReadOnlyList<string> Moves { get; set; } = [];

    public bool CanBeDecided => Column is { IsKey: false, IsComputed: false };

    /// <summary>The value after the decision; null while nothing is chosen, and where the row goes.</summary>
    public CellValue? Result => Of(Pick);

    public bool CanPick(FieldPick pick) => pick switch
    {
        FieldPick.None => true,
        FieldPick.Own => CanBeDecided,
        // It is taken by central's row: the terminal's may be free again by now, central's never is.
        FieldPick.Central when IsTaken => false,
        _ => CanBeDecided && Of(pick) is not null,
    };

    private CellValue? Of(FieldPick pick) => pick switch
    {
        FieldPick.Terminal => Terminal,
        FieldPick.Central => Central,
        FieldPick.Base => Base,
        FieldPick.Own => Own,
        _ => null,
    };
}
