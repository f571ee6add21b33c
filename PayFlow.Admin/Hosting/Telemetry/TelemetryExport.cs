using System.Diagnostics.Metrics;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Hosting.Telemetry;

/// <summary>Sends metrics and traces by OTLP, as the standard variables say; does nothing without <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</summary>
internal sealed partial class TelemetryExport(CentralReadings readings, TelemetrySettings settings, TimeProvider time, ILogger<TelemetryExport> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    private static readonly string[] Gauges = ["payflow.lag.seconds", "payflow.lag.rows", "payflow.conflicts.open", "payflow.dead.letters", "payflow.queue.rows", "payflow.last.run.timestamp.seconds", "payflow.jobs.state", "payflow.hosts"];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Endpoint is not { } endpoint)
            return;
        using var meter = new Meter($"{ConsoleMeter.Name}.Central");
        foreach (var name in Gauges)
            meter.CreateObservableGauge(name, () => readings.Latest.Where(r => r.Name == name).Select(r => new Measurement<double>(r.Value, r.Tags)));
        var resource = ResourceBuilder.CreateDefault().AddService("payflow", serviceInstanceId: Environment.MachineName);
        using var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(ConsoleMeter.Name, meter.Name).AddOtlpExporter().Build();
        using var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(ConsoleMeter.Name, "Npgsql").AddOtlpExporter().Build();
        LogBegun(endpoint);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await readings.ReadAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or SyncException)
            {
                // The last figures stay; the next reading finds central back.
                LogUnread(e.Message);
            }
            await Task.Delay(Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(1601, LogLevel.Information, "Metrics and traces are sent to {Endpoint}")]
    private partial void LogBegun(string endpoint);

    [LoggerMessage(1602, LogLevel.Warning, "The chain's figures could not be read: {Reason}")]
    private partial void LogUnread(string reason);
}
