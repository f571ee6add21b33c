using System.Security.Cryptography;
using System.Text;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>
/// Names for indexes and constraints. In PostgreSQL an index shares its name space with all tables of the schema, where SQLite programs often have an index of the same plain
/// name on many tables' behalf; so names carry their table, and equal input gives equal names.
/// </summary>
internal sealed class RelationNames(IEnumerable<string> taken)
{
    /// <summary>PostgreSQL's NAMEDATALEN less one, in bytes of UTF-8: https://www.postgresql.org/docs/current/limits.html</summary>
    private const int Longest = 63;

    private readonly HashSet<string> _taken = new(taken, StringComparer.OrdinalIgnoreCase);

    /// <summary>A free name for an index or constraint of <paramref name="table"/>, at most 63 bytes, now taken.</summary>
    public string Take(string table, string name)
    {
        var qualified = Mentions(name, table) ? name : table + "_" + name;
        var candidate = Shorten(qualified);
        for (var i = 2; !_taken.Add(candidate); i++)
            candidate = Shorten(qualified + "_" + i.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return candidate;
    }

    /// <exception cref="SyncException">PostgreSQL would cut the name or refuse it.</exception>
    public static void CheckTable(string table)
    {
        if (Encoding.UTF8.GetByteCount(table) > Longest)
            throw TooLong($"the table name '{table}'", "Give the table a shorter central name in the map.", table);
    }

    /// <exception cref="SyncException">PostgreSQL would cut the name or refuse it.</exception>
    public static void CheckColumn(string table, string column)
    {
        if (Encoding.UTF8.GetByteCount(column) > Longest)
            throw TooLong($"the column name '{column}' of table '{table}'", "Rename or exclude the column in the map.", table);
        // https://www.postgresql.org/docs/current/ddl-system-columns.html
        if (column is "tableoid" or "xmin" or "cmin" or "xmax" or "cmax" or "ctid")
        {
            throw new SyncException(SyncErrorCode.SchemaMismatch, $"column '{column}' of table '{table}' has the name of a system column of PostgreSQL", "Rename or exclude the column in the map.")
            {
                Table = table,
            };
        }
    }

    /// <summary>The table's name stands in it as a word: <c>ix_orders_date</c> is about <c>orders</c>, <c>nocase</c> is not about <c>case</c>.</summary>
    private static bool Mentions(string name, string table)
    {
        for (var at = name.IndexOf(table, StringComparison.OrdinalIgnoreCase); at >= 0; at = name.IndexOf(table, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + table.Length;
            if ((at == 0 || !char.IsLetterOrDigit(name[at - 1])) && (end == name.Length || !char.IsLetterOrDigit(name[end])))
                return true;
        }
        return false;
    }

    private static SyncException TooLong(string what, string hint, string table) =>
        new(SyncErrorCode.SchemaMismatch, $"{what} is longer than the {Longest} bytes that PostgreSQL allows", hint) { Table = table };

    private static string Shorten(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= Longest)
            return name;
        var mark = "_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];
        var kept = name;
        while (Encoding.UTF8.GetByteCount(kept) > Longest - mark.Length)
            kept = kept[..^(char.IsLowSurrogate(kept[^1]) ? 2 : 1)];
        return kept + mark;
    }
}
