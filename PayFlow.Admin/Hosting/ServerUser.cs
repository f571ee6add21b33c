using System.ComponentModel;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Hosting;

/// <summary>PostgreSQL refuses to run as root (https://www.postgresql.org/docs/current/postgres-user.html): whom to run it as.</summary>
internal static class ServerUser
{
    /// <summary>The user that PostgreSQL's packages make, and two that every system has.</summary>
    private static readonly string[] Candidates = ["postgres", "nobody", "daemon"];

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>The owner of an existing cluster, else one of the candidates. Null: as ourselves, which is right for everybody but root.</summary>
    public static async Task<string?> ChooseAsync(string clusterHome, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return null;
        if (Directory.Exists(clusterHome) && await OwnerAsync(clusterHome, cancellationToken) is { } owner and not "root")
            return owner;
        foreach (var candidate in Candidates)
            if ((await ChildProcess.RunAsync("id", ["-u", candidate], user: null, "/", Timeout, cancellationToken)).Succeeded)
                return candidate;
        throw new SyncException(
            SyncErrorCode.CentralUnavailable,
            "PostgreSQL does not run as root, and this system has none of the users " + string.Join(", ", Candidates) + ".",
            "Create one (useradd --system postgres), or run PayFlow as an ordinary user.");
    }

    /// <summary>Whether the user can enter the folder, that is, pass all folders above it.</summary>
    public static async Task<bool> CanEnterAsync(string user, string folder, CancellationToken cancellationToken) =>
        (await ChildProcess.RunAsync("test", ["-x", folder], user, "/", Timeout, cancellationToken)).Succeeded;

    /// <summary>Makes the user the owner of one file or folder.</summary>
    public static async Task GiveAsync(string path, string? user, CancellationToken cancellationToken)
    {
        if (user is null)
            return;
        var result = await ChildProcess.RunAsync("chown", [user + ":", path], user: null, "/", Timeout, cancellationToken);
        if (!result.Succeeded)
            throw new SyncException(
                SyncErrorCode.CentralUnavailable, $"{path} cannot be given to the user {user}: {result.Output}", "Choose a data folder on a local disk, or run PayFlow as an ordinary user.");
    }

    private static async Task<string?> OwnerAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var result = await ChildProcess.RunAsync("stat", ["-c", "%U", path], user: null, "/", Timeout, cancellationToken);
            return result.Succeeded && result.Output is not ("" or "UNKNOWN") ? result.Output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
