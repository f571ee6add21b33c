using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>
/// The one order in which both sides' rows have to arrive: whole numbers by value, everything else by the bytes of its key text, as <c>COLLATE "C"</c> and SQLite's <c>BINARY</c> have it.
/// </summary>
internal sealed class VerifyKeyOrder(IReadOnlyList<ColumnSchema> centralKey)
{
    private readonly bool[] _isNumber = [.. centralKey.Select(c => c.Logical == LogicalType.Integer)];

    public int Count => _isNumber.Length;

    public int Compare(ReadOnlySpan<CellValue> left, ReadOnlySpan<CellValue> right)
    {
        for (var i = 0; i < _isNumber.Length; i++)
        {
            var order = Compare(left[i], right[i], _isNumber[i]);
            if (order != 0)
                return order;
        }
        return 0;
    }

    /// <summary>How a key's part is kept where it has to be sorted: a number as it is, a text as its bytes, because a file may keep texts in UTF-16.</summary>
    public CellValue Sortable(in CellValue value, int part) =>
        _isNumber[part] && value.Kind == CellKind.Integer ? value : CellValue.Of(System.Text.Encoding.UTF8.GetBytes(value.ToString()));

    /// <summary>Compares two texts by their UTF-8 bytes: surrogates stand above everything else, not below U+E000 as UTF-16 has them.</summary>
    public static int CompareBytes(string left, string right)
    {
        var same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
            return left.Length.CompareTo(right.Length);
        return Rank(left[same]).CompareTo(Rank(right[same]));

        static int Rank(char c) => c < 0xD800 ? c : c >= 0xE000 ? c - 0x800 : c + 0x2000;
    }

    private static int Compare(in CellValue left, in CellValue right, bool isNumber)
    {
        if (!isNumber)
            return CompareBytes(left.ToString(), right.ToString());
        return (left.Kind == CellKind.Integer, right.Kind == CellKind.Integer) switch
        {
            (true, true) => left.AsInteger.CompareTo(right.AsInteger),
            (true, false) => -1,
            (false, true) => 1,
            // What is no number stands behind the numbers; central has none of it.
            _ => CompareBytes(left.ToString(), right.ToString()),
        };
    }
}
