namespace PayFlow.Sync.Engine.Sessions;

/// <summary>Where a terminal's file lies: machine and full path.</summary>
internal static class Fingerprint
{
    public static string Of(string path) => $"{Environment.MachineName}:{Path.GetFullPath(path)}";
}
