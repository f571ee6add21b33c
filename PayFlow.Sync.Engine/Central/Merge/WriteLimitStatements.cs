namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>The SQL that holds a till elsewhere to the rows that it may write; names as in <see cref="MergeStatements"/>.</summary>
internal sealed class WriteLimitStatements(StagedTable table)
{
    /// <summary>Whether central's row with that alias is one that the terminal may write.</summary>
    public string Fits(string alias) => table.Limit is { } limit ? WriteLimits.Fits(limit, table.Plan, alias) : "true";

    /// <summary>Takes out the rows of the ords <c>$1</c>.</summary>
    public string TakeOut(bool withBase) => $"DELETE FROM {table.Name(withBase)} s WHERE s.ord = ANY ($1)";

    /// <summary>
    /// The ords of the rows that <c>$1</c> marks with I or U (all of them when <paramref name="all"/>) and that are written now as the terminal may not write them. One that is not there under its key
    /// counts as such: a trigger gave it another key, or put it elsewhere, and nobody can tell any more whose row it is.
    /// </summary>
    public string FindOutside(bool withBase, bool all) => $"""
        SELECT s.ord FROM {table.Name(withBase)} s LEFT JOIN {table.Target} t ON {table.SameRow}
        WHERE {(all ? string.Empty : $"({MergeStatements.Decided('I')} OR {MergeStatements.Decided('U')}) AND ")}(NOT {table.Found} OR NOT {Fits("t")})
        """;
}
