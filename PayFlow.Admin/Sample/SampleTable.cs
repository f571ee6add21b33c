namespace PayFlow.Admin.Sample;

/// <summary>Generated rows of one table. Values are strings, integers, decimals, booleans, <see cref="DateOnly"/>, UTC <see cref="DateTime"/>s of whole milliseconds, or null.</summary>
public sealed record SampleTable(string Name, IReadOnlyList<SampleColumn> Columns, IReadOnlyList<object?[]> Rows)
{
    /// <summary>Where a column stands in <see cref="Rows"/>.</summary>
    /// <exception cref="ArgumentException">The table has no such column.</exception>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Name == column)
                return i;
        }
        throw new ArgumentException($"{Name} has no column {column}", nameof(column));
    }
}
