using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PayFlow.Benchmarks.Measuring;

/// <summary>Results as people and as programs read them.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static string Json(int rows, string machine, IReadOnlyList<BenchResult> results) => JsonSerializer.Serialize(new { rows, machine, results }, Options);

    public static string Table(IReadOnlyList<BenchResult> results)
    {
        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"{"figure",-21} {"seconds",10} {"floor",10} {"ratio",7} {"target",7}");
        foreach (var r in results)
        {
            var verdict = r.Target is null ? "" : r.IsReached ? "pass" : "SHORT";
            table.AppendLine(CultureInfo.InvariantCulture, $"{r.Name,-21} {Seconds(r.Seconds),10} {Seconds(r.FloorSeconds),10} {r.Ratio,7:0.00} {r.Target,7:0.0#} {verdict,-5} {r.Note}");
        }
        return table.ToString().TrimEnd();
    }

    private static string Seconds(double? value) => value is not { } seconds ? "" : seconds.ToString(seconds < 0.1 ? "0.00000" : "0.000", CultureInfo.InvariantCulture);
}
