using System.Diagnostics;
using System.Globalization;

namespace PayFlow.Benchmarks.Measuring;

/// <summary>How much memory a process holds.</summary>
internal static class Resident
{
    /// <summary>Bytes at the moment.</summary>
    public static long Now(Process process) => Read(process, "VmRSS:") ?? process.WorkingSet64;

    /// <summary>The most that it ever held.</summary>
    public static long Peak(Process process) => Read(process, "VmHWM:") ?? process.PeakWorkingSet64;

    // "VmHWM:	  123456 kB": the high-water mark of the resident set.
    private static long? Read(Process process, string name)
    {
        process.Refresh();
        var path = $"/proc/{process.Id}/status";
        if (!File.Exists(path))
            return null;
        var line = File.ReadLines(path).First(l => l.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
