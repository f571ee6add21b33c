using System.Globalization;

namespace PayFlow.Admin.Views;

/// <summary>The time zone in which instants are shown: UTC, the browser's or the store's.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="ShowsAbsolute">Dates and hours instead of "5 min ago".</param>
public sealed record ShownZone(TimeZoneInfo Zone, bool ShowsAbsolute = false)
{
    public static ShownZone Utc { get; } = new(TimeZoneInfo.Utc);

    /// <summary>"Sunday, 22 November 2026, 14:05:09 (UTC+01:00)".</summary>
    public string Absolute(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, Zone);
        var offset = local.Offset == TimeSpan.Zero ? "UTC" : string.Create(CultureInfo.InvariantCulture, $"UTC{(local.Offset < TimeSpan.Zero ? '-' : '+')}{local.Offset:hh\\:mm}");
        return string.Create(CultureInfo.InvariantCulture, $"{local:dddd, d MMMM yyyy, HH:mm:ss} ({offset})");
    }

    /// <summary>"2026-11-22 14:05".</summary>
    public string Short(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>"14:05".</summary>
    public string Clock(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone).ToString("HH:mm", CultureInfo.InvariantCulture);
}
