using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace PayFlow.Admin.Hosting.Telemetry;

/// <summary>Adds up what <see cref="ConsoleMeter"/> counts, for <c>/metrics</c>.</summary>
internal sealed class MeterTotals : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(string Instrument, string Labels), MeterTotal> _totals = new();

    public MeterTotals()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == ConsoleMeter.Name)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public IReadOnlyList<MeterTotal> Read() => [.. _totals.OrderBy(t => t.Key.Instrument, StringComparer.Ordinal).ThenBy(t => t.Key.Labels, StringComparer.Ordinal).Select(t => t.Value)];

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = PrometheusText.Labels(tags);
        _totals.GetOrAdd((instrument.Name, labels), static (key, source) => new MeterTotal(key.Instrument, key.Labels, source), instrument).Add(value);
    }
}
