namespace PayFlow.Sync.Engine.Http.Agents;

/// <summary>
/// One agent for each SQLite file: a lock on a file of its own beside it, which the operating system gives back when the process ends, however it ends. The SQLite file itself is never opened for that
/// (<see cref="Terminals.TerminalFileCheck"/>).
/// </summary>
internal sealed class AgentLock : IDisposable
{
    private const string Ending = ".payflow-lock";

    /// <summary>Somebody who only asks whether an agent runs holds it for a moment.</summary>
    private const int Attempts = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);

    private readonly FileStream _file;

    private AgentLock(FileStream file) => _file = file;

    /// <exception cref="SyncException">Another agent has the file, or the lock cannot be made.</exception>
    public static async Task<AgentLock> TakeAsync(string sqlitePath, CancellationToken cancellationToken)
    {
        var path = PathOf(sqlitePath);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new AgentLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (Exception e) when (e is UnauthorizedAccessException or DirectoryNotFoundException)
            {
                throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{path} cannot be made: {e.Message}", "Give this user the right to write beside the SQLite file.", e);
            }
            catch (IOException) when (attempt < Attempts)
            {
                await Task.Delay(Pause, cancellationToken);
            }
            catch (IOException e)
            {
                throw new SyncException(SyncErrorCode.Busy, $"Another agent keeps {sqlitePath} in step already", "See how it stands: payflow agent status --sqlite FILE; end it first if this one is to take its place.", e);
            }
        }
    }

    /// <summary>Whether an agent has the file at the moment.</summary>
    public static bool IsTaken(string sqlitePath)
    {
        var path = PathOf(sqlitePath);
        if (!File.Exists(path))
            return false;
        try
        {
            // Beside others who ask, but not beside an agent.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    // The file stays: whoever removed it would take it from under somebody who has just opened it.
    public void Dispose() => _file.Dispose();

    private static string PathOf(string sqlitePath) => Path.GetFullPath(sqlitePath) + Ending;
}
