namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>One thing that does not fit between the two schemas, or that was left out when one was made from the other.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Side">The side on which it is seen, and on which the remedy's first statement is to be run.</param>
/// <param name="Table">The table by its name on that side.</param>
/// <param name="Column">The column, where one is meant.</param>
/// <param name="Message">One sentence: what and why.</param>
/// <param name="Remedy">The administrator's next step, with the exact SQL where there is one; null where nothing needs doing.</param>
public sealed record SchemaFinding(
    FindingSeverity Severity,
    DatabaseSide Side,
    string Table,
    string? Column,
    string Message,
    string? Remedy = null)
{
    /// <summary>One line, such as <c>warning: central products.price: … → ALTER TABLE …</c></summary>
    public override string ToString()
    {
        var place = Column is null ? Table : Table + "." + Column;
        var line = $"{Severity.ToString().ToLowerInvariant()}: {Side.ToString().ToLowerInvariant()} {place}: {Message}";
        return Remedy is null ? line : line + " → " + Remedy;
    }
}
