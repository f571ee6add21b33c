namespace PayFlow.Admin.Views.Overview;

/// <summary>How far a terminal is behind.</summary>
/// <param name="Terminal">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="SyncedAt">The end of its last run that was done; null when there is none.</param>
/// <param name="Open">Rows that it has still to send, as its last run reported.</param>
public sealed record TerminalLag(string Terminal, string? Name, DateTimeOffset? SyncedAt, long Open)
{
    public double Minutes(DateTimeOffset now) => SyncedAt is { } at ? Math.Max(0, (now - at).TotalMinutes) : 0;
}
