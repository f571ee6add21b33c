namespace PayFlow.Admin.Api;

/// <summary>When the host syncs by itself. What is left out stays as it is.</summary>
/// <param name="Mode"><c>cron</c>: by the schedule; <c>manual</c>: only when asked.</param>
/// <param name="Cron">Five fields as in Unix, or six or seven as in Quartz.</param>
/// <param name="Zone">The time zone whose clock the fields mean, such as <c>Europe/Berlin</c>.</param>
internal sealed record ConfigureRequest(string? Mode = null, string? Cron = null, string? Zone = null);
