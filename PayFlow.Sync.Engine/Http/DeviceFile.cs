using System.Text.Json;

namespace PayFlow.Sync.Engine.Http;

/// <summary>Where a terminal keeps its credentials: beside its SQLite file, readable by its user alone.</summary>
public static class DeviceFile
{
    private const string Ending = ".payflow-device";

    /// <summary>The file that belongs to a terminal's SQLite file.</summary>
    public static string PathOf(string sqlitePath) => Path.GetFullPath(sqlitePath) + Ending;

    /// <summary>Whether the file is that of a till elsewhere, as far as its folder says.</summary>
    public static bool Exists(string sqlitePath) => File.Exists(PathOf(sqlitePath));

    /// <summary>Null when there is none yet.</summary>
    /// <exception cref="SyncException">It is there, but cannot be read.</exception>
    public static DeviceCredentials? Read(string sqlitePath)
    {
        var path = PathOf(sqlitePath);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), WireContext.Wire.DeviceCredentials) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"The device's credentials in {path} cannot be read: {e.Message}", "Give this user the right to read the file; or delete it and register anew with a code.", e);
        }
    }

    /// <summary>Replaces what is there, all or nothing: a power cut leaves the old one or the new one.</summary>
    /// <exception cref="SyncException">It cannot be written.</exception>
    public static void Write(string sqlitePath, DeviceCredentials credentials)
    {
        var path = PathOf(sqlitePath);
        var draft = path + ".new";
        try
        {
            File.Delete(draft);
            // Made with its rights, not given them later: nobody else may open it in between.
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(draft, options))
            {
                JsonSerializer.Serialize(stream, credentials, WireContext.Wire.DeviceCredentials);
                stream.Flush(flushToDisk: true);
            }
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"The device's credentials cannot be written to {path}: {e.Message}", "Give this user the right to write beside the SQLite file.", e);
        }
    }
}
