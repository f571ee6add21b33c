using System.Globalization;

namespace PayFlow.Sync.Engine.Changes;

/// <summary>The tagged string form of a value that JSON cannot tell apart by itself: <c>s</c> text, <c>r</c> double, <c>x</c> blob in hex, <c>l</c> local reference.</summary>
internal static class TaggedCell
{
    public static string Format(in CellValue value) => value.Kind switch
    {
        CellKind.Real => "r" + value,
        CellKind.Blob => "x" + Convert.ToHexString(value.AsBlob),
        CellKind.LocalReference => "l" + value.AsText,
        CellKind.Text => "s" + value.AsText,
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.Kind, "Needs no tag."),
    };

    /// <exception cref="SyncException">The string has no known tag.</exception>
    public static CellValue Parse(string tagged) => (tagged.Length == 0 ? '\0' : tagged[0]) switch
    {
        's' => CellValue.Of(tagged[1..]),
        'r' => CellValue.Of(ParseReal(tagged.AsSpan(1))),
        'x' => CellValue.Of(Convert.FromHexString(tagged.AsSpan(1))),
        'l' => CellValue.LocalReference(tagged[1..]),
        _ => throw new SyncException(SyncErrorCode.Protocol, $"'{tagged}' is not a tagged value", "Do not write to sync_queue.base; detach and attach the terminal to make the queue anew."),
    };

    // SQLite prints Inf, .NET prints Infinity.
    private static double ParseReal(ReadOnlySpan<char> text) => text switch
    {
        "Inf" or "Infinity" => double.PositiveInfinity,
        "-Inf" or "-Infinity" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };
}
