using System.Globalization;
using Quartz.Extensibility;

namespace PayFlow.Admin.Jobs.Running;

/// <summary>What a host is called in the cluster: machine, process, and when it started, so that no two are ever called alike.</summary>
internal sealed class HostName(TimeProvider time) : IInstanceIdGenerator
{
    private static int _made;

    public ValueTask<string> GenerateInstanceId(CancellationToken cancellationToken = default) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}-{Interlocked.Increment(ref _made):x}{time.GetUtcNow().ToUnixTimeMilliseconds() & 0xFFFFFFF:x7}"));
}
