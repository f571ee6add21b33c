using System.Globalization;
using System.Security.Cryptography;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Hosting;

/// <summary>
/// The files of a private cluster. In the data folder: <c>postgres.password</c> (ours alone) and <c>postgres/</c>, the cluster's home, with
/// <c>data/</c>, <c>server.log</c> and <c>leases/</c>. When PayFlow runs as root and the server's user cannot get at the data folder
/// (below <c>/root</c>, say), the home is made in <see cref="Elsewhere"/> and <c>postgres.location</c> says where.
/// </summary>
internal sealed class ClusterFolder
{
    private const string Elsewhere = "/var/lib/payflow";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode OwnerFolder = OwnerOnly | UnixFileMode.UserExecute;

    /// <summary>Others may pass through to the cluster, but not look around.</summary>
    private const UnixFileMode PassageFolder = OwnerFolder | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private ClusterFolder(string dataFolder, string home, string? user, string password)
    {
        DataFolder = dataFolder;
        Home = home;
        User = user;
        Password = password;
    }

    public string DataFolder { get; }

    public string Home { get; }

    /// <summary>Whom the server runs as; null: as ourselves.</summary>
    public string? User { get; }

    public string Password { get; }

    public string Data => Path.Combine(Home, "data");

    public string Log => Path.Combine(Home, "server.log");

    public string Leases => Path.Combine(Home, "leases");

    public string LockFile => Path.Combine(Home, "lock");

    public bool IsInitialised => File.Exists(Path.Combine(Data, "PG_VERSION"));

    /// <summary>The major version that made the cluster; null when there is none yet.</summary>
    public int? Major =>
        IsInitialised && int.TryParse(File.ReadAllText(Path.Combine(Data, "PG_VERSION")).Split('.')[0], CultureInfo.InvariantCulture, out var major) ? major : null;

    /// <summary>Finds the home of the data folder's cluster, or makes an empty one.</summary>
    public static async Task<ClusterFolder> OpenAsync(string dataFolder, TimeSpan timeout, CancellationToken cancellationToken)
    {
        CreateFolder(dataFolder, Environment.IsPrivilegedProcess ? PassageFolder : OwnerFolder);
        using var held = await FileLock.TakeAsync(Path.Combine(dataFolder, "postgres.lock"), timeout, cancellationToken);

        var beside = Path.Combine(dataFolder, "postgres");
        var pointer = Path.Combine(dataFolder, "postgres.location");
        var home = File.Exists(pointer) ? Existing((await File.ReadAllTextAsync(pointer, cancellationToken)).Trim(), pointer) : beside;
        var user = await ServerUser.ChooseAsync(home, cancellationToken);
        if (user is not null && !await ServerUser.CanEnterAsync(user, Path.GetDirectoryName(home)!, cancellationToken))
        {
            if (Directory.Exists(Path.Combine(home, "data")))
                throw Unreachable(home, user);
            home = await MakeElsewhereAsync(user, cancellationToken);
            await WriteSecretAsync(pointer, home, cancellationToken);
        }

        if (!Directory.Exists(home))
            CreateFolder(home, OwnerFolder);
        await ServerUser.GiveAsync(home, user, cancellationToken);
        var initialised = Directory.Exists(Path.Combine(home, "data"));
        return new ClusterFolder(dataFolder, home, user, await PasswordAsync(Path.Combine(dataFolder, "postgres.password"), initialised, cancellationToken));
    }

    /// <summary>A file that only its owner can read, complete or not there at all.</summary>
    public static async Task WriteSecretAsync(string path, string text, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        var unfinished = path + ".new";
        File.Delete(unfinished);
        await using (var writer = new StreamWriter(unfinished, options))
            await writer.WriteAsync(text.AsMemory(), cancellationToken);
        File.Move(unfinished, path, overwrite: true);
    }

    private static async Task<string> PasswordAsync(string path, bool initialised, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
            return (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
        if (initialised)
            throw new SyncException(
                SyncErrorCode.CentralUnavailable, $"{path}, the password of the private PostgreSQL cluster, is missing.", "Put the file back from a backup, or choose another data folder.");
        var password = RandomNumberGenerator.GetHexString(48, lowercase: true);
        await WriteSecretAsync(path, password, cancellationToken);
        return password;
    }

    private static string Existing(string home, string pointer) =>
        Directory.Exists(home)
            ? home
            : throw new SyncException(
                SyncErrorCode.CentralUnavailable,
                $"The PostgreSQL cluster in {home}, named by {pointer}, is gone.",
                $"Put the folder back from a backup, or delete {pointer} to begin with an empty cluster.");

    private static async Task<string> MakeElsewhereAsync(string user, CancellationToken cancellationToken)
    {
        CreateFolder(Elsewhere, PassageFolder);
        if (!await ServerUser.CanEnterAsync(user, Elsewhere, cancellationToken))
            throw Unreachable(Elsewhere, user);
        // A new name each time: what an earlier data folder of the same path left here has another password.
        return Path.Combine(Elsewhere, Guid.NewGuid().ToString("N"));
    }

    private static SyncException Unreachable(string folder, string user) => new(
        SyncErrorCode.InvalidConfiguration,
        $"PostgreSQL runs as the user {user} here, who cannot enter {folder}.",
        "Let others pass the folders above it (chmod o+x), or choose a data folder elsewhere.");

    private static void CreateFolder(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }
        if (Directory.Exists(path))
            return;
        Directory.CreateDirectory(path, mode);
        // The process's umask may have taken bits away.
        File.SetUnixFileMode(path, mode);
    }
}
