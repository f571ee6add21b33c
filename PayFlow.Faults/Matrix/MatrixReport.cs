using System.Globalization;

namespace PayFlow.Faults.Matrix;

/// <summary>Puts the table into a Markdown file whose other text is written by hand.</summary>
internal static class MatrixReport
{
    public static async Task WriteAsync(string path, IReadOnlyList<SeedResult> results, FaultOptions options, TimeSpan duration)
    {
        // Tills elsewhere have a table of their own in the same file.
        var (begin, end) = options.IsOverHttp
            ? ("<!-- matrix over http: written by ./payflow faults --over http --report -->", "<!-- end of matrix over http -->")
            : ("<!-- matrix: written by ./payflow faults --report -->", "<!-- end of matrix -->");
        var text = File.Exists(path) ? await File.ReadAllTextAsync(path) : string.Empty;
        var table = string.Create(CultureInfo.InvariantCulture, $"""
            {begin}
            `./payflow faults{(options.IsOverHttp ? " --over http" : string.Empty)} --first {options.First} --seeds {options.Seeds}{(options.Fault is null ? string.Empty : " --fault " + options.Fault.Name)}`: {results.Sum(r => r.Changes):N0} committed changes, {duration.TotalMinutes:0} minutes on {Environment.ProcessorCount} cores.

            {MatrixTable.Markdown(results)}
            {end}
            """);
        var (from, to) = (text.IndexOf(begin, StringComparison.Ordinal), text.IndexOf(end, StringComparison.Ordinal));
        await File.WriteAllTextAsync(path, from >= 0 && to > from ? text[..from] + table + text[(to + end.Length)..] : text + table + "\n");
    }
}
