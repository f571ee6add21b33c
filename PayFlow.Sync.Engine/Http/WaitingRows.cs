namespace PayFlow.Sync.Engine.Http;

/// <summary>What waits in a till's queue under one priority of the table map.</summary>
/// <param name="Priority">1 (sales) to 6 (reports).</param>
/// <param name="Pending">On their way, or waiting for the line or for another row.</param>
/// <param name="Conflicts">Waiting for a decision.</param>
/// <param name="Failed">Refused by central; tried again by themselves, each time later.</param>
public sealed record WaitingRows(int Priority, long Pending, long Conflicts, long Failed);
