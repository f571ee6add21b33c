using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Hosting;

/// <summary>A folder with PostgreSQL's server programs (<c>initdb</c>, <c>pg_ctl</c>, <c>postgres</c>) and the major version they are of.</summary>
public sealed partial record PostgresPrograms(string Folder, int Major)
{
    private const string InstallHint =
        "Install them (Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql; Windows: the installer from postgresql.org), or name a server with --central.";

    private static readonly string[] Names = ["initdb", "pg_ctl", "postgres"];

    /// <summary>Where packages put the programs: the folder above, what the versions' folders are called, and the folder below.</summary>
    private static readonly (string Above, string Versions, string Below)[] Places = OperatingSystem.IsWindows()
        ? [(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "*", "bin")]
        :
        [
            ("/usr/lib/postgresql", "*", "bin"),
            ("/usr", "pgsql-*", "bin"),
            ("/opt/homebrew/opt", "postgresql*", "bin"),
            ("/usr/local/opt", "postgresql*", "bin"),
            ("/Library/PostgreSQL", "*", "bin"),
        ];

    internal string InitDb => Locate(Folder, Names[0]);

    internal string PgCtl => Locate(Folder, Names[1]);

    /// <summary>All installed versions: those on PATH first, then by falling version.</summary>
    public static async Task<IReadOnlyList<PostgresPrograms>> FindAllAsync(CancellationToken cancellationToken)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var packaged = new List<PostgresPrograms>();
        foreach (var folder in PackagedFolders())
            if (await ReadAsync(folder, cancellationToken) is { } programs)
                packaged.Add(programs);

        var found = new List<PostgresPrograms>();
        foreach (var folder in path)
            if (await ReadAsync(folder, cancellationToken) is { } programs)
                found.Add(programs);
        found.AddRange(packaged.OrderByDescending(programs => programs.Major));
        return found;
    }

    /// <summary>The programs to use: of major version <paramref name="major"/> where a cluster asks for it, else the first of <see cref="FindAllAsync"/>.</summary>
    /// <exception cref="SyncException">There are none, or none of that version.</exception>
    public static async Task<PostgresPrograms> FindAsync(int? major, string dataFolder, CancellationToken cancellationToken)
    {
        var all = await FindAllAsync(cancellationToken);
        if (all.Count == 0)
            throw new SyncException(SyncErrorCode.CentralUnavailable, "PostgreSQL's server programs (initdb, pg_ctl, postgres) are not installed.", InstallHint);
        if (major is null)
            return all[0];
        return all.FirstOrDefault(programs => programs.Major == major) ?? throw WrongVersion(major.Value, all, dataFolder);
    }

    private static SyncException WrongVersion(int major, IReadOnlyList<PostgresPrograms> all, string dataFolder)
    {
        var installed = string.Join(", ", all.Select(programs => programs.Major).Distinct().Order());
        return new SyncException(
            SyncErrorCode.InvalidConfiguration,
            $"The cluster of data folder {dataFolder} was made by PostgreSQL {major}, but PostgreSQL {installed} is installed.",
            $"Install PostgreSQL {major} beside it (Debian: apt-get install postgresql-{major}), move the data with pg_dump or pg_upgrade, or choose another data folder.");
    }

    private static IEnumerable<string> PackagedFolders() =>
        from place in Places
        where Directory.Exists(place.Above)
        from version in Directory.EnumerateDirectories(place.Above, place.Versions)
        select Path.Combine(version, place.Below);

    private static async Task<PostgresPrograms?> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        if (!Path.IsPathFullyQualified(folder) || !Names.All(name => File.Exists(Locate(folder, name))))
            return null;
        try
        {
            // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "postgres (PostgreSQL) 18beta1"
            var told = await ChildProcess.RunAsync(Locate(folder, "postgres"), ["--version"], user: null, folder, TimeSpan.FromSeconds(10), cancellationToken);
            var match = VersionNumber().Match(told.Output);
            return told.Succeeded && match.Success ? new PostgresPrograms(folder, int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)) : null;
        }
        catch (Win32Exception)
        {
            // Not executable for us, or of another processor: it is as good as not installed.
            return null;
        }
    }

    private static string Locate(string folder, string name) => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex VersionNumber();
}
