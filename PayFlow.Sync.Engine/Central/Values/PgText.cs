using System.Text;

namespace PayFlow.Sync.Engine.Central.Values;

/// <summary>What PostgreSQL demands of text in an UTF-8 database.</summary>
internal static class PgText
{
    /// <summary>Why a text cannot be stored; null when it can.</summary>
    public static string? Fault(string text)
    {
        if (text.Contains('\0'))
            return "text holds a NUL character";
        return text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && HasLoneSurrogate(text) ? "text is not valid Unicode" : null;
    }

    /// <summary>Characters as PostgreSQL counts them: code points.</summary>
    public static int Length(string text)
    {
        var length = 0;
        foreach (var _ in text.EnumerateRunes())
            length++;
        return length;
    }

    private static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var consumed) != System.Buffers.OperationStatus.Done)
                return true;
            text = text[consumed..];
        }
        return false;
    }
}
