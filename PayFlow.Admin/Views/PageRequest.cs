using System.Globalization;

namespace PayFlow.Admin.Views;

/// <summary>Which page of a list.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Size">Rows on it.</param>
public readonly record struct PageRequest(int Number, int Size = PageRequest.StandardSize)
{
    public const int StandardSize = 50;

    /// <summary>Beyond so many rows nobody pages; a filter finds what is further back.</summary>
    public const int CountLimit = 10_000;

    public long Offset => (Math.Max(1, Number) - 1L) * Size;

    /// <summary>As an address names it; what is no page is the first one.</summary>
    public static PageRequest Of(string? number, int size = StandardSize) =>
        new(int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? Math.Clamp(page, 1, CountLimit / size + 1) : 1, size);
}
