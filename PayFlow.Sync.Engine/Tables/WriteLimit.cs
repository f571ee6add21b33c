namespace PayFlow.Sync.Engine.Tables;

/// <summary>Which rows of a table a till elsewhere may write: the map's <c>writeFilter</c>, and where there is none, its <c>filter</c>.</summary>
/// <param name="Field">The field of the map that says so.</param>
/// <param name="Text">What it says, with the attributes' names.</param>
/// <param name="Condition">The same for one terminal: a condition on central's row <c>t</c> alone in scope, never NULL.</param>
internal sealed record WriteLimit(string Field, string Text, string Condition)
{
    private const string Any = "any";
    private const string Own = "writeFilter";

    /// <summary>The map says what may be written, apart from what travels down.</summary>
    public bool IsOwn => Field == Own;

    /// <summary>Whether the map says that every row may be written.</summary>
    public static bool IsAny(string? writeFilter) => writeFilter is not null && writeFilter.AsSpan().Trim().Equals(Any, StringComparison.OrdinalIgnoreCase);

    /// <summary>The limit of a table for a terminal; null when there is none.</summary>
    /// <param name="plan">The table.</param>
    /// <param name="terminal">Whose limit it is.</param>
    /// <param name="attributes">The terminal's.</param>
    /// <param name="literal">Quotes a value.</param>
    /// <exception cref="SyncException">The terminal does not have an attribute that it asks for.</exception>
    public static WriteLimit? Of(TablePlan plan, string terminal, IReadOnlyDictionary<string, string> attributes, Func<string, string> literal)
    {
        var isOwn = !string.IsNullOrWhiteSpace(plan.Entry.WriteFilter);
        var text = isOwn ? plan.Entry.WriteFilter : plan.Entry.Filter;
        if (string.IsNullOrWhiteSpace(text) || IsAny(plan.Entry.WriteFilter))
            return null;
        var filter = RowFilter.Parse(plan.Name, text);
        return new WriteLimit(isOwn ? Own : "filter", text, $"coalesce({filter.ToSql(name => literal(filter.ValueOf(name, terminal, attributes)))}, false)");
    }
}
