using System.Text;

namespace PayFlow.Sync.Engine.Tables;

/// <summary>
/// A table's row filter: a condition on central's columns in which <c>{terminal.NAME}</c> stands for an attribute of the terminal, such as
/// <c>store_id = {terminal.store_id} AND active</c>. Attribute values only ever become parameters.
/// </summary>
public sealed class RowFilter
{
    private readonly IReadOnlyList<FilterToken> _tokens;

    internal RowFilter(string table, string text, IReadOnlyList<FilterToken> tokens)
    {
        Table = table;
        Text = text;
        _tokens = tokens;
        Attributes = [.. tokens.Where(t => t.Kind == FilterTokenKind.Attribute).Select(t => t.Text).Distinct(StringComparer.Ordinal)];
        Columns = FilterColumns.Of(tokens);
    }

    public string Table { get; }

    public string Text { get; }

    /// <summary>The terminal attributes it asks for, each once, in the order of their first use.</summary>
    public IReadOnlyList<string> Attributes { get; }

    /// <summary>The names that can only be columns: those compared with something. A name whose part is not certain is left to PostgreSQL to judge.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Reads a filter.</summary>
    /// <exception cref="SyncException">It holds a semicolon, a comment, a subquery, a <c>$</c>, unbalanced quotes or brackets, or braces that are no terminal attribute.</exception>
    public static RowFilter Parse(string table, string text)
    {
        var (filter, fault) = FilterScanner.Scan(table, text);
        return filter ?? throw new SyncException(SyncErrorCode.InvalidConfiguration, $"table {table}: the filter \"{text}\" {fault}", FilterScanner.Hint) { Table = table };
    }

    /// <summary>The condition in parentheses, with each attribute replaced by what <paramref name="bind"/> gives for its name, such as <c>$3</c>; nothing else is altered.</summary>
    public string ToSql(Func<string, string> bind)
    {
        var sql = new StringBuilder("(", Text.Length + 16);
        var from = 0;
        foreach (var token in _tokens.Where(t => t.Kind == FilterTokenKind.Attribute))
        {
            sql.Append(Text, from, token.Start - from).Append(bind(token.Text));
            from = token.End;
        }
        return sql.Append(Text, from, Text.Length - from).Append(')').ToString();
    }

    /// <summary>The terminal's value of an attribute the filter asks for.</summary>
    /// <exception cref="SyncException">The terminal does not have that attribute.</exception>
    public string ValueOf(string attribute, string terminal, IReadOnlyDictionary<string, string> attributes) =>
        attributes.TryGetValue(attribute, out var value)
            ? value
            : throw new SyncException(
                SyncErrorCode.InvalidConfiguration,
                $"terminal {terminal} has no attribute {attribute}, which the filter of table {Table} asks for",
                $"Give the terminal the attribute {attribute}, or change the filter.")
            { Terminal = terminal, Table = Table };
}
