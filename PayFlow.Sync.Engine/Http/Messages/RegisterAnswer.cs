namespace PayFlow.Sync.Engine.Http.Messages;

/// <summary>The answer to a registration.</summary>
/// <param name="Terminal">The terminal that the device is.</param>
/// <param name="Key">256 random bits, to be sent with every request as <c>Authorization: Device KEY</c>. The host keeps their hash only and cannot show them again.</param>
public sealed record RegisterAnswer(string Terminal, string Key);
