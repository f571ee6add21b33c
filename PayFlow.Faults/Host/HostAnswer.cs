namespace PayFlow.Faults.Host;

/// <summary>One line from the host's process.</summary>
/// <param name="Address">Where it listens; null when it stopped.</param>
internal sealed record HostAnswer(Uri? Address);
