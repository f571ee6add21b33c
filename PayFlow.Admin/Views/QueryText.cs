using System.Globalization;

namespace PayFlow.Admin.Views;

/// <summary>Values as an address spells them. Somebody may have typed the address: what cannot be read counts as not given.</summary>
internal static class QueryText
{
    public static bool IsYes(string? text) => text is "true" or "1";

    public static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
}
