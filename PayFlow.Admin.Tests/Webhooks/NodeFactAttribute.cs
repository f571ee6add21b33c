using Xunit;

namespace PayFlow.Admin.Tests.Webhooks;

/// <summary>A test that needs Node, and is skipped where it is not.</summary>
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        var names = OperatingSystem.IsWindows() ? "node.exe" : "node";
        if (!(Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, names))))
            Skip = "node is not installed.";
    }
}
