using PayFlow.Admin.Security;

namespace PayFlow.Admin.Hosting.Telemetry;

/// <summary>Log, metrics and traces: the host's part.</summary>
internal static class TelemetryServices
{
    public static void AddConsoleTelemetry(this WebApplicationBuilder builder, TelemetrySettings settings)
    {
        AddLog(builder.Logging, settings);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<CentralReadings>();
        builder.Services.AddSingleton<MeterTotals>();
    }

    /// <summary><c>/metrics</c>, for a viewer by cookie or token, or for everybody where that is configured.</summary>
    public static void MapMetrics(this WebApplication host)
    {
        // Counts from the start, not from the first time somebody asks.
        host.Services.GetRequiredService<MeterTotals>();
        var metrics = host.MapGet("/metrics", async (CentralReadings readings, MeterTotals totals, CancellationToken cancelled) =>
            Results.Text(PrometheusText.Write(await readings.ReadAsync(cancelled), totals.Read()), PrometheusText.ContentType)).ExcludeFromDescription();
        if (host.Services.GetRequiredService<SecuritySettings>().IsMetricsOpen)
            metrics.AllowAnonymous();
        else
            metrics.RequireAuthorization(Policies.View);
    }

    private static void AddLog(ILoggingBuilder logging, TelemetrySettings settings)
    {
        logging.ClearProviders();
        if (settings.IsLogJson ?? Console.IsOutputRedirected)
            logging.AddJsonConsole(o =>
            {
                o.IncludeScopes = true;
                o.UseUtcTimestamp = true;
                o.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        else
            logging.AddSimpleConsole(o =>
            {
                o.SingleLine = true;
                o.IncludeScopes = false;
            });
    }
}
