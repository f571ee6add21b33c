using System.Globalization;

namespace PayFlow.Faults.Matrix;

/// <summary>Puts the table into a Markdown file whose other text is written by hand.</summary>
internal static class MatrixReport
{
    private const string Begin = "<!-- matrix: written by ./payflow faults --report -->";
    private const string End = "<!-- end of matrix -->";

    public static async Task WriteAsync(string path, IReadOnlyList<SeedResult> results, FaultOptions options, TimeSpan duration)
    {
        var text = File.Exists(path) ? await File.ReadAllTextAsync(path) : string.Empty;
        var table = string.Create(CultureInfo.InvariantCulture, $"""
            {Begin}
            `./payflow faults --first {options.First} --seeds {options.Seeds}{(options.Fault is null ? string.Empty : " --fault " + options.Fault.Name)}`: {results.Sum(r => r.Changes):N0} committed changes, {duration.TotalMinutes:0} minutes on {Environment.ProcessorCount} cores.

            {MatrixTable.Markdown(results)}
            {End}
            """);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        await File.WriteAllTextAsync(path, from >= 0 && to > from ? text[..from] + table + text[(to + End.Length)..] : text + table + "\n");
    }
}
