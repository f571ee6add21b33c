namespace PayFlow.Admin.Remote;

/// <summary>What <c>GET /api/sync/status</c> tells a device: how its own terminal stands in central.</summary>
/// <param name="Terminal">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="LastSeenAt">When a run of it began or ended last.</param>
/// <param name="LastRun">That run's id.</param>
/// <param name="LastStatus">How it stands or ended.</param>
/// <param name="OpenConflicts">Rows of it that wait for a decision.</param>
/// <param name="WaitingDecisions">Decisions that it has not fetched yet.</param>
/// <param name="Time">The host's clock.</param>
internal sealed record DeviceStatus(string Terminal, string? Name, DateTimeOffset? LastSeenAt, Guid? LastRun, string? LastStatus, long OpenConflicts, long WaitingDecisions, DateTimeOffset Time);
