using System.Text.RegularExpressions;

namespace PayFlow.Sync.Engine.Tables;

/// <summary>
/// Splits a filter into tokens as PostgreSQL would (https://www.postgresql.org/docs/current/sql-syntax-lexical.html) and refuses whatever could reach
/// beyond one row's condition.
/// </summary>
internal static partial class FilterScanner
{
    public const string Hint = "Write a condition on central's columns such as: store_id = {terminal.store_id}";

    /// <summary>What begins a subquery: a change of the rows it reads would go unnoticed.</summary>
    private static readonly HashSet<string> Subqueries = new(StringComparer.OrdinalIgnoreCase) { "select", "table", "values", "into" };

    /// <summary>The filter, or what is wrong with it as the end of a sentence.</summary>
    public static (RowFilter? Filter, string? Fault) Scan(string table, string text)
    {
        var tokens = new List<FilterToken>();
        var open = new Stack<string>();
        var position = 0;
        while (position < text.Length)
        {
            if (char.IsWhiteSpace(text[position]))
            {
                position++;
                continue;
            }
            var (token, fault) = Next(text, position);
            fault ??= Judge(token, text, tokens, open);
            if (fault is not null)
                return (null, fault);
            tokens.Add(token);
            position = token.End;
        }
        if (open.Count > 0)
            return (null, $"has a {open.Peek()} that is never closed");
        return tokens.Count == 0 ? (null, "is empty") : (new RowFilter(table, text, tokens), null);
    }

    private static (FilterToken Token, string? Fault) Next(string text, int start) => text[start] switch
    {
        '\'' => Delimited(FilterTokenKind.Literal, text, start),
        '"' => Delimited(FilterTokenKind.Quoted, text, start),
        '{' => Attribute(text, start),
        ';' => (default, "contains a semicolon"),
        '$' => (default, "contains a $"),
        '}' => (default, "has a } without its {"),
        var c when char.IsControl(c) => (default, "contains a control character"),
        _ => Plain(text, start),
    };

    /// <summary>A literal or a quoted name; a doubled delimiter stands for itself.</summary>
    private static (FilterToken Token, string? Fault) Delimited(FilterTokenKind kind, string text, int start)
    {
        var delimiter = text[start];
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] != delimiter)
                continue;
            if (i + 1 < text.Length && text[i + 1] == delimiter)
            {
                i++;
                continue;
            }
            var inner = text[(start + 1)..i].Replace(new string(delimiter, 2), delimiter.ToString(), StringComparison.Ordinal);
            return inner.Contains("{terminal.", StringComparison.OrdinalIgnoreCase)
                ? (default, "has a terminal attribute inside quotes; write it without quotes")
                : (new FilterToken(kind, inner, start, i + 1), null);
        }
        return (default, $"has a {delimiter} that is never closed");
    }

    private static (FilterToken Token, string? Fault) Attribute(string text, int start) => AttributePattern().Match(text, start) is { Success: true } match
        ? (new FilterToken(FilterTokenKind.Attribute, match.Groups["name"].Value, start, start + match.Length), null)
        : (default, "has braces that are not {terminal.NAME}");

    private static (FilterToken Token, string? Fault) Plain(string text, int start)
    {
        var match = PlainPattern().Match(text, start);
        if (!match.Success)
            return (default, $"contains '{text[start]}', which is not understood");
        var kind = match.Groups["word"].Success ? FilterTokenKind.Word : match.Groups["number"].Success ? FilterTokenKind.Literal : FilterTokenKind.Symbol;
        var token = new FilterToken(kind, match.Value, start, start + match.Length);
        return match.Value.Contains("--", StringComparison.Ordinal) || match.Value.Contains("/*", StringComparison.Ordinal) ? (default, "contains a comment") : (token, null);
    }

    private static string? Judge(FilterToken token, string text, List<FilterToken> before, Stack<string> open)
    {
        if (before.Count > 0 && before[^1] is var left && left.End == token.Start && Glued(left, token, text[token.Start]) is { } fault)
            return fault;
        if (token.Kind == FilterTokenKind.Word && Subqueries.Contains(token.Text))
            return $"contains {token.Text.ToUpperInvariant()}; it may look at one row only";
        if (token is { Kind: FilterTokenKind.Symbol, Text: "(" or "[" })
            open.Push(token.Text);
        else if (token is { Kind: FilterTokenKind.Symbol, Text: ")" or "]" } && (!open.TryPop(out var opened) || opened != (token.Text == ")" ? "(" : "[")))
            return $"has a {token.Text} that was never opened";
        return null;
    }

    private static string? Glued(FilterToken left, FilterToken token, char first)
    {
        // $3 and what touches it would read as another parameter or name.
        if ((left.Kind == FilterTokenKind.Attribute && token.Kind != FilterTokenKind.Symbol) || (token.Kind == FilterTokenKind.Attribute && left.Kind != FilterTokenKind.Symbol))
            return "has a terminal attribute without a space beside it";
        // E'…', U&'…' and the like escape by other rules, by which a quote could end elsewhere than here.
        return first is '\'' or '"' && (left.Kind == FilterTokenKind.Word || left.Text.EndsWith('&')) ? $"has a string with the prefix {left.Text}; use a plain string" : null;
    }

    [GeneratedRegex(@"\G\{\s*terminal\.(?<name>[A-Za-z_][A-Za-z0-9_]*)\s*\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex AttributePattern();

    [GeneratedRegex(@"\G((?<word>[\p{L}_][\p{L}\p{N}_]*)|(?<number>\d+(\.\d+)?([eE][+-]?\d+)?)|[()\[\],.]|::?|[-+*/<>=~!@#%^&|`?]+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex PlainPattern();
}
