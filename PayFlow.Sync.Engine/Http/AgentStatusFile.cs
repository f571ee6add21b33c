using System.Text.Json;
using PayFlow.Sync.Engine.Http.Agents;

namespace PayFlow.Sync.Engine.Http;

/// <summary>Where an agent says how it stands: beside the SQLite file, for anybody who may read there.</summary>
public static class AgentStatusFile
{
    private const string Ending = ".payflow-status";

    /// <summary>An agent that has not written for so long hangs.</summary>
    public static TimeSpan StaleAfter { get; } = TimeSpan.FromSeconds(60);

    /// <summary>The file that belongs to a terminal's SQLite file.</summary>
    public static string PathOf(string sqlitePath) => Path.GetFullPath(sqlitePath) + Ending;

    /// <summary>Null when no agent has ever run for the file.</summary>
    /// <exception cref="SyncException">It is there, but cannot be read.</exception>
    public static AgentStatus? Read(string sqlitePath)
    {
        var path = PathOf(sqlitePath);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), WireContext.Wire.AgentStatus) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"The agent's status in {path} cannot be read: {e.Message}", "Give this user the right to read the file; if another program wrote it, delete it: a running agent writes it again.", e);
        }
    }

    /// <summary>Whether an agent keeps the file in step at the moment, by its lock and not by what it wrote: a process that was killed says nothing.</summary>
    public static bool IsAgentRunning(string sqlitePath) => AgentLock.IsTaken(sqlitePath);

    /// <summary>Replaces what is there, all or nothing: who reads it meanwhile reads the old one or the new one.</summary>
    /// <exception cref="SyncException">It cannot be written.</exception>
    internal static void Write(string sqlitePath, AgentStatus status)
    {
        var path = PathOf(sqlitePath);
        try
        {
            File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(status, WireContext.Wire.AgentStatus));
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"The agent's status cannot be written to {path}: {e.Message}", "Give this user the right to write beside the SQLite file, and see that the disk has room. Syncing goes on.", e);
        }
    }
}
