namespace PayFlow.Sync.Engine.Http.Messages;

/// <summary>How a terminal stands, as far as a till asks to learn whether the host takes its key.</summary>
public sealed record StandingAnswer(string Terminal);
