using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Benchmarks.Measuring;

/// <summary>Ends the benchmark when a measured run did not do what it was measured for.</summary>
internal static class Require
{
    public static void Equal<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            throw new InvalidOperationException($"{what}: expected {expected}, found {actual}");
    }

    /// <summary>The run ended well, refused nothing and moved so many rows.</summary>
    public static void Moved(RunReport report, long rows)
    {
        if (!report.IsClean)
            throw new InvalidOperationException($"the run ended as {report.Status}: {report.Error ?? $"{report.FailedRows} rows failed, {report.Conflicts} conflicts"}");
        Equal(rows, report.Moved, "rows moved by the run");
    }
}
