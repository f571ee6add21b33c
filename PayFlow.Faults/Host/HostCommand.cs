namespace PayFlow.Faults.Host;

/// <summary>One line to the host's process: serve this central from now on, or none.</summary>
/// <param name="Central">Null: the host stops as on an administrator's word, and the process stays.</param>
internal sealed record HostCommand(string? Central);
