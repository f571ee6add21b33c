using System.Globalization;
using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Overview;
using Radzen;

namespace PayFlow.Admin.Components.Pages.Overview;

/// <summary>One figure over time, as a chart and as a table; each point leads to the list behind it.</summary>
public sealed partial class ActivityChart
{
    private IReadOnlyList<Point> _points = [];
    private bool _isLong;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [Parameter, EditorRequired]
    public string Title { get; set; } = string.Empty;

    [Parameter, EditorRequired]
    public IReadOnlyList<ActivityHour> Points { get; set; } = [];

    [Parameter, EditorRequired]
    public Func<ActivityHour, long> Value { get; set; } = static _ => 0;

    /// <summary>The list behind a point.</summary>
    [Parameter, EditorRequired]
    public Func<ActivityHour, string> Url { get; set; } = static _ => "?";

    [Parameter]
    public ShownZone Zone { get; set; } = ShownZone.Utc;

    [Parameter]
    public bool IsArea { get; set; }

    private long Total => _points.Sum(p => p.Value);

    // An axis from 0 to 0 would have no steps, and one that ends at 1663 odd ones.
    private double Top => Round(_points.Select(p => p.Value).DefaultIfEmpty(0).Max());

    // The axis is as wide as a short number: "1.5k".
    private static string Short(object? value) => Convert.ToDouble(value, CultureInfo.InvariantCulture) switch
    {
        >= 1_000_000 and var millions => (millions / 1_000_000).ToString("0.#", CultureInfo.InvariantCulture) + "M",
        >= 1_000 and var thousands => (thousands / 1_000).ToString("0.#", CultureInfo.InvariantCulture) + "k",
        var few => few.ToString("0", CultureInfo.InvariantCulture),
    };

    private static double Round(long most)
    {
        var step = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(4, most) / 4.0)));
        return Math.Max(4, Math.Ceiling(most / (4 * step)) * 4 * step);
    }

    protected override void OnParametersSet()
    {
        _isLong = Points.Count > 1 && Points[^1].From - Points[0].From > TimeSpan.FromDays(2);
        // Dates and not their texts: yesterday's 14:00 is another point than today's.
        _points = [.. Points.Select(h => new Point(h, TimeZoneInfo.ConvertTime(h.From, Zone.Zone).DateTime, Value(h)))];
    }

    private string Label(object? at) => at is DateTime time ? time.ToString(_isLong ? "d MMM" : "HH:mm", CultureInfo.InvariantCulture) : string.Empty;

    private void Open(SeriesClickEventArgs e)
    {
        if (e.Data is Point point)
            Navigation.NavigateTo(Url(point.Hour));
    }

    private sealed record Point(ActivityHour Hour, DateTime At, long Value);
}
