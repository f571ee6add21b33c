namespace PayFlow.Sync.Engine.Sessions;

/// <summary>Where a terminal's file lies: machine and full path.</summary>
internal static class Fingerprint
{
    /// <summary>Whether the file that central knows is another one than this, on this machine, and still there.</summary>
    public static bool IsElsewhere(string? known, string own)
    {
        var machine = Environment.MachineName + ":";
        return known is not null && known != own && known.StartsWith(machine, StringComparison.Ordinal) && File.Exists(known[machine.Length..]);
    }

    public static string Of(string path) => $"{Environment.MachineName}:{Path.GetFullPath(path)}";
}
