namespace PayFlow.Sync.Engine.Tables;

/// <summary>Picks the names out of a filter that can only be columns, so that a misspelt one is found when the map is saved and not at the first push.</summary>
internal static class FilterColumns
{
    private static readonly HashSet<string> KeyWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "and", "or", "not", "in", "is", "null", "true", "false", "unknown", "like", "ilike", "similar", "to", "between", "symmetric", "any", "all", "some", "case", "when", "then",
        "else", "end", "distinct", "from", "collate", "at", "time", "zone", "with", "without", "array", "row", "exists", "escape", "isnull", "notnull", "precision", "varying",
        "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "current_user", "session_user", "user", "interval",
    };

    private static readonly HashSet<string> Comparing = new(StringComparer.OrdinalIgnoreCase) { "=", "<", ">", "<=", ">=", "<>", "!=", "in", "is", "like", "ilike", "between" };

    public static IReadOnlyList<string> Of(IReadOnlyList<FilterToken> tokens) =>
        [.. Enumerable.Range(0, tokens.Count).Where(i => IsColumn(tokens, i)).Select(i => tokens[i].Text).Distinct(StringComparer.Ordinal)];

    private static bool IsColumn(IReadOnlyList<FilterToken> tokens, int index)
    {
        var token = tokens[index];
        if (token.Kind is not (FilterTokenKind.Word or FilterTokenKind.Quoted) || (token.Kind == FilterTokenKind.Word && KeyWords.Contains(token.Text)))
            return false;
        var before = index > 0 ? tokens[index - 1] : default;
        var after = index + 1 < tokens.Count ? tokens[index + 1] : default;
        // A function, a qualified name, a cast's type, or a typed literal such as date '2024-01-31'.
        if (after.Text is "(" or "." || before.Text is "." or "::" || after.Kind == FilterTokenKind.Literal)
            return false;
        return IsComparing(before) || IsComparing(after) || after.Text is "::" || IsNegated(tokens, index);
    }

    /// <summary><c>name NOT IN (…)</c></summary>
    private static bool IsNegated(IReadOnlyList<FilterToken> tokens, int index) =>
        index + 2 < tokens.Count && tokens[index + 1].Text.Equals("not", StringComparison.OrdinalIgnoreCase) && IsComparing(tokens[index + 2]);

    private static bool IsComparing(FilterToken token) => token.Kind is FilterTokenKind.Word or FilterTokenKind.Symbol && token.Text is not null && Comparing.Contains(token.Text);
}
