using System.Globalization;
using System.Text;

namespace PayFlow.Admin.Hosting.Telemetry;

/// <summary>Figures in Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4).</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IReadOnlyList<Reading> readings, IReadOnlyList<MeterTotal> totals)
    {
        var text = new StringBuilder();
        foreach (var group in readings.GroupBy(r => r.Name))
        {
            var name = NameOf(group.Key, null);
            Head(text, name, group.First().Help, "gauge");
            foreach (var reading in group)
                Line(text, name, Labels(reading.Tags), reading.Value);
        }
        foreach (var group in totals.GroupBy(t => t.Name))
            Write(text, [.. group]);
        return text.ToString();
    }

    /// <summary><c>{terminal="T1",state="FAILED"}</c>; nothing for none.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in tags)
            text.Append(text.Length == 0 ? "{" : ",").Append(name).Append("=\"").Append(Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty)).Append('"');
        return text.Length == 0 ? string.Empty : text.Append('}').ToString();
    }

    private static void Write(StringBuilder text, IReadOnlyList<MeterTotal> totals)
    {
        var first = totals[0];
        var name = NameOf(first.Name, first.Unit);
        if (!first.IsHistogram)
        {
            name += "_total";
            Head(text, name, first.Help, "counter");
            foreach (var total in totals)
                Line(text, name, total.Labels, total.Read().Sum);
            return;
        }
        Head(text, name, first.Help, "histogram");
        foreach (var total in totals)
        {
            var (sum, count, buckets) = total.Read();
            for (var i = 0; i < buckets.Length; i++)
                Line(text, name + "_bucket", With(total.Labels, MeterTotal.Bounds[i].ToString(CultureInfo.InvariantCulture)), buckets[i]);
            Line(text, name + "_bucket", With(total.Labels, "+Inf"), count);
            Line(text, name + "_sum", total.Labels, sum);
            Line(text, name + "_count", total.Labels, count);
        }
    }

    private static string NameOf(string name, string? unit) => name.Replace('.', '_') + (unit == "s" ? "_seconds" : string.Empty);

    private static string With(string labels, string bound) => labels.Length == 0 ? $"{{le=\"{bound}\"}}" : $"{labels[..^1]},le=\"{bound}\"}}";

    private static void Head(StringBuilder text, string name, string help, string type) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n').Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append(labels).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');

    // A terminal's name is somebody's text.
    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
