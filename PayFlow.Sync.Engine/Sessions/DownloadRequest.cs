using PayFlow.Sync.Engine.Changes;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>What a terminal asks of the change log.</summary>
/// <param name="Tables">Terminal table to the place up to which it has read.</param>
/// <param name="Limit">Log entries at most.</param>
/// <param name="IncludeOwn">Also what the terminal itself uploaded: for a file that was restored from a backup and lacks it.</param>
public sealed record DownloadRequest(IReadOnlyDictionary<string, LogPosition> Tables, int Limit, bool IncludeOwn = false);
