namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>Sets of columns as strings of <c>0</c> and <c>1</c>, the way the comparing query gives them. An empty string is the empty set.</summary>
internal static class ColumnSet
{
    public static bool Any(string columns) => columns.Contains('1', StringComparison.Ordinal);

    public static bool Has(string columns, int column) => column >= 0 && column < columns.Length && columns[column] == '1';

    public static string And(string left, string right) => Of(left.Length, i => Has(left, i) && Has(right, i));

    public static string Or(string left, string right) => Of(Math.Max(left.Length, right.Length), i => Has(left, i) || Has(right, i));

    public static string Except(string columns, string others) => Of(columns.Length, i => Has(columns, i) && !Has(others, i));

    public static string Except(string columns, int column) => Of(columns.Length, i => Has(columns, i) && i != column);

    public static string With(string columns, int column) => Of(columns.Length, i => Has(columns, i) || i == column);

    public static string Not(string columns) => Of(columns.Length, i => !Has(columns, i));

    public static string Of(int length, Func<int, bool> has) => string.Create(length, has, static (span, has) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = has(i) ? '1' : '0';
    });
}
