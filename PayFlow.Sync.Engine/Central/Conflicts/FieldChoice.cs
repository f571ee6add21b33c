using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>What becomes of one field.</summary>
/// <param name="Source">Where its value comes from.</param>
/// <param name="Value">With <see cref="FieldSource.Value"/>: the value; a text is read as the column's type.</param>
public sealed record FieldChoice(FieldSource Source, CellValue Value = default)
{
    public static FieldChoice Of(CellValue value) => new(FieldSource.Value, value);
}
