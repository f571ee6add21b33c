namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>What a terminal's column holds, counted over all rows.</summary>
public sealed record ColumnSample
{
    /// <summary>A column without rows: its declaration alone decides.</summary>
    public static ColumnSample Empty { get; } = new();

    public long Nulls { get; init; }

    public long Integers { get; init; }

    public long Reals { get; init; }

    public long Texts { get; init; }

    public long Blobs { get; init; }

    /// <summary>The smallest and the greatest integer; null when there is none.</summary>
    public long? Smallest { get; init; }

    public long? Greatest { get; init; }

    /// <summary>What all texts can be read as; <see cref="TextForms.All"/> when there are no texts.</summary>
    public TextForms Forms { get; init; } = TextForms.All;

    /// <summary>The first text that was none of what the column's declaration promises, cut to 40 characters.</summary>
    public string? OddText { get; init; }

    /// <summary>Values other than NULL.</summary>
    public long Values => Integers + Reals + Texts + Blobs;
}
