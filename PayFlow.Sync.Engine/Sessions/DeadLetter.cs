namespace PayFlow.Sync.Engine.Sessions;

/// <summary>A row that central has refused for the last time: nothing of it is tried again by itself.</summary>
/// <param name="Table">The terminal's table.</param>
/// <param name="Key">The row's key in the terminal, as text.</param>
/// <param name="Reason">Why central refused it.</param>
public sealed record DeadLetter(string Table, string Key, string? Reason)
{
    /// <summary>As many as a report names; the queue's count tells of all.</summary>
    public const int Reported = 100;
}
