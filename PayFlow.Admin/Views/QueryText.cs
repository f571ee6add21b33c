using System.Globalization;

namespace PayFlow.Admin.Views;

/// <summary>Values as an address spells them. Somebody may have typed the address: what cannot be read counts as not given.</summary>
internal static class QueryText
{
    public static bool IsYes(string? text) => text is "true" or "1";

    /// <summary>A word of a filter; null when there is none. PostgreSQL keeps no NUL: a word that holds one finds nothing, instead of failing.</summary>
    public static string? Term(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim().Replace('\0', '\uFFFD');

    public static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
}
