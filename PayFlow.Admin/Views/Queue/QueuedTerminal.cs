namespace PayFlow.Admin.Views.Queue;

/// <summary>A terminal as the head of the queue's page shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name; null when it has none.</param>
/// <param name="FilePath">Where its file lies; null for one that reaches the host over HTTP.</param>
/// <param name="Reported">Rows by status, as it last reported.</param>
/// <param name="ReportedAt">When that was.</param>
internal sealed record QueuedTerminal(string Id, string? Name, string? FilePath, IReadOnlyDictionary<string, long> Reported, DateTimeOffset? ReportedAt)
{
    public long Total => Reported.Values.Sum();

    /// <summary>Rows that were refused.</summary>
    public long Failed => Reported.GetValueOrDefault("FAILED");
}
