namespace PayFlow.Sync.Engine.Tables;

/// <summary>One column that travels, with both of its ends.</summary>
public sealed record ColumnPlan
{
    public required ColumnSchema Terminal { get; init; }

    public required ColumnSchema Central { get; init; }

    /// <summary>Part of central's key. In <see cref="KeyMode.Linked"/> tables the key is not among the columns at all.</summary>
    public bool IsKey { get; init; }

    /// <summary>Index in the table's key, or -1.</summary>
    public int KeyOrdinal { get; init; } = -1;

    /// <summary>The terminal table whose own key this column holds, when that table is <see cref="KeyMode.Linked"/>: the value is translated in both directions.</summary>
    public string? References { get; init; }

    /// <summary>Central computes it: it goes down to the terminal (where the terminal does not compute it, too) and never up.</summary>
    public bool IsGeneratedInCentral => Central.IsGenerated;

    /// <summary>The terminal computes it: it is never written there.</summary>
    public bool IsGeneratedInTerminal => Terminal.IsGenerated;
}
