using System.Text.RegularExpressions;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>What a default expression is, where it is simple enough to be said in the other database, too.</summary>
internal readonly partial record struct SqlDefault(SqlDefaultKind Kind, string Value = "")
{
    /// <summary>Understands literals and the clock in the spelling of either database; everything else is <see cref="SqlDefaultKind.Expression"/>.</summary>
    public static SqlDefault Parse(string expression)
    {
        var text = WithoutBrackets(Casts().Replace(WithoutBrackets(expression.Trim()), string.Empty));
        if (text.Equals("NULL", StringComparison.OrdinalIgnoreCase))
            return new(SqlDefaultKind.None);
        if (Number().IsMatch(text))
            return new(SqlDefaultKind.Number, text);
        if (StringLiteral().IsMatch(text))
            return new(SqlDefaultKind.String, text[1..^1].Replace("''", "'", StringComparison.Ordinal));
        // SQLite takes a double-quoted default for a string: https://www.sqlite.org/quirks.html#dblquote
        if (DoubleQuoted().IsMatch(text))
            return new(SqlDefaultKind.String, text[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal));
        // PostgreSQL shows timezone('utc', now()) as timezone('utc'::text, now()).
        return Named(WhiteSpace().Replace(text, string.Empty).ToUpperInvariant().Replace("::TEXT", string.Empty, StringComparison.Ordinal));
    }

    private static SqlDefault Named(string text) => text switch
    {
        "TRUE" => new(SqlDefaultKind.Boolean, "true"),
        "FALSE" => new(SqlDefaultKind.Boolean, "false"),
        "CURRENT_TIMESTAMP" or "NOW()" or "DATETIME('NOW')" or "DATETIME()" or "DATETIME(CURRENT_TIMESTAMP)"
            or "TRANSACTION_TIMESTAMP()" or "STATEMENT_TIMESTAMP()" or "CLOCK_TIMESTAMP()"
            or "TIMEZONE('UTC',NOW())" or "TIMEZONE('UTC',CURRENT_TIMESTAMP)" or "NOW()ATTIMEZONE'UTC'" or "CURRENT_TIMESTAMPATTIMEZONE'UTC'" => new(SqlDefaultKind.Now),
        "CURRENT_DATE" or "DATE('NOW')" or "DATE()" => new(SqlDefaultKind.Today),
        _ => new(SqlDefaultKind.Expression),
    };

    private static string WithoutBrackets(string text)
    {
        while (text.Length >= 2 && text[0] == '(' && text[^1] == ')' && IsOnePair(text))
            text = text[1..^1].Trim();
        return text;
    }

    private static bool IsOnePair(string text)
    {
        var depth = 0;
        var inString = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\'')
                inString = !inString;
            if (inString)
                continue;
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0 && i < text.Length - 1)
                return false;
        }
        return depth == 0;
    }

    /// <summary>The casts PostgreSQL appends: <c>'open'::character varying</c>, <c>(0)::numeric(10,2)</c>.</summary>
    [GeneratedRegex("""(?:::"?[A-Za-z_][A-Za-z0-9_ .]*"?(?:\([0-9, ]+\))?(?: with(?:out)? time zone)?(?:\[\])*)+\z""", RegexOptions.CultureInvariant)]
    private static partial Regex Casts();

    [GeneratedRegex(@"^[+-]?\s*(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex("^'(?:[^']|'')*'\\z", RegexOptions.CultureInvariant)]
    private static partial Regex StringLiteral();

    [GeneratedRegex("^\"(?:[^\"]|\"\")*\"\\z", RegexOptions.CultureInvariant)]
    private static partial Regex DoubleQuoted();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace();
}
