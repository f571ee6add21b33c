using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary>How a value is named in the reason of a refusal.</summary>
internal static class Refusals
{
    private const int LongestQuote = 60;

    /// <summary>Text in quotes and not too much of it, numbers as they are, blobs by their size.</summary>
    public static string Name(in CellValue value) => value.Kind switch
    {
        CellKind.Text => Name(value.AsText),
        CellKind.Blob => $"a blob of {value.AsBlob.Length} bytes",
        CellKind.Null => "NULL",
        _ => value.ToString(),
    };

    public static string Name(string text) => text.Length <= LongestQuote ? $"'{text}'" : $"'{text.AsSpan(0, LongestQuote)}…' ({text.Length} characters)";

    /// <summary>A number without quotes, whatever it came as.</summary>
    public static string Number(string text) => text.Length <= LongestQuote ? text.Trim() : $"{text.AsSpan(0, LongestQuote)}… ({text.Length} characters)";
}
