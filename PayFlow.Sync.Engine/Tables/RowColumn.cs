namespace PayFlow.Sync.Engine.Tables;

/// <summary>A column that travels, as far as somebody who decides about its values wants to know it.</summary>
public sealed record RowColumn
{
    /// <summary>By its name in the terminal, as the images have it.</summary>
    public required string Name { get; init; }

    /// <summary>Central's type, such as <c>numeric(15,4)</c>.</summary>
    public required string Type { get; init; }

    public required LogicalType Logical { get; init; }

    /// <summary>Digits behind the point that the type keeps; null where it does not say.</summary>
    public int? Scale { get; init; }

    /// <summary>NULL is not allowed, on one side at least.</summary>
    public bool NotNull { get; init; }

    /// <summary>Part of the row's key: it cannot be decided.</summary>
    public bool IsKey { get; init; }

    /// <summary>Central computes it: it cannot be decided.</summary>
    public bool IsComputed { get; init; }

    /// <summary>The terminal computes it: it cannot be edited there.</summary>
    public bool IsComputedAtTerminal { get; init; }

    /// <summary>The terminal's table that it refers to by that table's own keys; null for a plain value.</summary>
    public string? References { get; init; }

    internal static RowColumn Of(ColumnPlan column) => new()
    {
        Name = column.Terminal.Name,
        Type = column.Central.Type,
        Logical = column.Central.Logical,
        Scale = ScaleOf(column.Central),
        NotNull = column.Central.NotNull || column.Terminal.NotNull,
        IsKey = column.IsKey,
        IsComputed = column.IsGeneratedInCentral,
        IsComputedAtTerminal = column.IsGeneratedInTerminal,
        References = column.References,
    };

    // numeric(p,s) has (p << 16 | s) + 4 as its modifier, s in eleven bits with a sign.
    private static int? ScaleOf(ColumnSchema column) => column is { BaseType: "numeric", TypeModifier: > 4 } && ((column.TypeModifier - 4 & 0x7ff) ^ 1024) - 1024 is var scale and >= 0 ? scale : null;
}
