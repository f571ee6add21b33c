using System.Globalization;

namespace PayFlow.Admin.Views;

/// <summary>Counts and lags as people say them.</summary>
internal static class LagText
{
    /// <summary>"1,234", or "10,000+" where counting stopped.</summary>
    public static string Rows(long rows, bool isMore = false) => rows.ToString("N0", CultureInfo.InvariantCulture) + (isMore ? "+" : string.Empty);

    /// <summary>"1 row", "12 rows"; <paramref name="many"/> for words that take more than an s.</summary>
    public static string Count(long count, string what, string? many = null) => $"{Rows(count)} {(count == 1 ? what : many ?? what + "s")}";

    /// <summary>"12 rows, for 5 min"; "in step" when nothing is behind.</summary>
    public static string Lag(long rows, DateTimeOffset? since, DateTimeOffset now, bool isMore = false) => rows == 0
        ? "in step"
        : since is { } at && now > at ? $"{Rows(rows, isMore)} {(rows == 1 && !isMore ? "row" : "rows")}, for {RelativeText.Duration(now - at)}" : $"{Rows(rows, isMore)} {(rows == 1 && !isMore ? "row" : "rows")}";
}
