namespace PayFlow.Sync.Engine.Http.Messages;

/// <summary>How many rows there are.</summary>
public sealed record CountAnswer(long Rows);
