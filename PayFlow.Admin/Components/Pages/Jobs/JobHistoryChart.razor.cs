using System.Globalization;
using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Views;
using Radzen;

namespace PayFlow.Admin.Components.Pages.Jobs;

/// <summary>The history of jobs by hour.</summary>
public sealed partial class JobHistoryChart
{
    private IReadOnlyList<Point> _points = [];

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [Parameter, EditorRequired]
    public IReadOnlyList<JobHour> Hours { get; set; } = [];

    [Parameter]
    public ShownZone Zone { get; set; } = ShownZone.Utc;

    // An axis from 0 to 0 would have no steps.
    private double Top => Math.Max(4, Hours.Select(h => h.Succeeded + h.Failed + h.Cancelled).DefaultIfEmpty(0).Max());

    protected override void OnParametersSet() =>
        // Dates and not their texts: yesterday's 14:00 is another point than today's.
        _points = [.. Hours.Select(h => new Point(h, TimeZoneInfo.ConvertTime(h.Hour, Zone.Zone).DateTime))];

    private static string Label(object? at) => at is DateTime time ? time.ToString("HH:mm", CultureInfo.InvariantCulture) : string.Empty;

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Url(JobHour hour) => Urls.Jobs("all", since: hour.Hour, until: hour.Hour.AddHours(1));

    private void Open(SeriesClickEventArgs e)
    {
        if (e.Data is Point point)
            Navigation.NavigateTo(Url(point.Hour));
    }

    private sealed record Point(JobHour Hour, DateTime At)
    {
        public double Succeeded => Hour.Succeeded;

        public double Failed => Hour.Failed;

        public double Cancelled => Hour.Cancelled;
    }
}
