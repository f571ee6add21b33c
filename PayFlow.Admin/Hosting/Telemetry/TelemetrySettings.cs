using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Hosting.Telemetry;

/// <summary>Where figures and log go.</summary>
/// <param name="Endpoint"><c>OTEL_EXPORTER_OTLP_ENDPOINT</c>; null: figures are sent nowhere.</param>
/// <param name="IsLogJson"><c>PAYFLOW_LOG</c>: one JSON object a line, or text; null: text on a terminal, otherwise JSON.</param>
internal sealed record TelemetrySettings(string? Endpoint, bool? IsLogJson)
{
    /// <exception cref="SyncException">PAYFLOW_LOG is neither.</exception>
    public static TelemetrySettings Read(Func<string, string?> environment) => new(
        environment("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 } endpoint ? endpoint : null,
        environment("PAYFLOW_LOG")?.Trim().ToLowerInvariant() switch
        {
            null or "" => null,
            "json" => true,
            "text" => false,
            var other => throw new SyncException(SyncErrorCode.InvalidConfiguration, $"PAYFLOW_LOG={other} is neither json nor text", "Set one of them, or leave it out: text on a terminal, otherwise JSON."),
        });
}
