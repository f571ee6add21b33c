using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Cron;

namespace PayFlow.Admin.Components.Pages.Schedules;

/// <summary>Edits when a schedule comes.</summary>
public sealed partial class CronEditor
{
    private static readonly (string Cron, string Words)[] Presets =
    [
        ("* * * * *", "Every minute"),
        ("*/5 * * * *", "Every 5 minutes"),
        ("*/15 * * * *", "Every 15 minutes"),
        ("*/15 8-20 * * 1-6", "Every 15 minutes while the stores are open (08 to 20, Monday to Saturday)"),
        ("0 * * * *", "Every hour"),
        ("0 */4 * * *", "Every 4 hours"),
        ("30 1 * * *", "Every night at 01:30"),
        ("0 22 * * 1-6", "After closing (22:00, Monday to Saturday)"),
        ("0 3 * * 0", "Sunday at 03:00"),
        ("0 4 1 * *", "On the 1st at 04:00"),
    ];

    private static readonly string[] Zones = [.. TimeZoneInfo.GetSystemTimeZones().Where(z => z.HasIanaId).Select(z => z.Id).Order(StringComparer.Ordinal)];

    private readonly string _id = "cron-" + Guid.NewGuid().ToString("N")[..8];
    private CronPreview? _preview;

    [Inject]
    internal TimeProvider Time { get; set; } = null!;

    [Parameter, EditorRequired]
    public string Cron { get; set; } = string.Empty;

    [Parameter]
    public EventCallback<string> CronChanged { get; set; }

    [Parameter, EditorRequired]
    public string Zone { get; set; } = "UTC";

    [Parameter]
    public EventCallback<string> ZoneChanged { get; set; }

    [Parameter]
    public bool IsDisabled { get; set; }

    private string Preset => Presets.Any(p => p.Cron == Cron) ? Cron : string.Empty;

    private bool HasZone => TimeZoneInfo.TryFindSystemTimeZoneById(Zone, out var zone) && zone.HasIanaId;

    private string? ZoneFault => HasZone ? null : $"There is no time zone {Zone}: use an IANA name, such as Europe/Berlin or UTC.";

    // With an unknown zone nothing can be said of the fields but whether they are fields.
    private string? CronFault => CronPreview.Of(Cron, HasZone ? Zone : "UTC", Time.GetUtcNow()).Error is { } reason ? $"This is no schedule: {reason}." : null;

    protected override void OnParametersSet() => _preview = HasZone ? CronPreview.Of(Cron, Zone, Time.GetUtcNow()) : null;

    private Task ChooseAsync(string? cron) => string.IsNullOrEmpty(cron) ? Task.CompletedTask : TypeAsync(cron);

    private Task TypeAsync(string? cron) => CronChanged.InvokeAsync(cron ?? string.Empty);

    private Task ZoneAsync(string? zone) => ZoneChanged.InvokeAsync(zone?.Trim() ?? string.Empty);
}
