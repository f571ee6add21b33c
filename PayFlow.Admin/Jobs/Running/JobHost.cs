namespace PayFlow.Admin.Jobs.Running;

/// <summary>A host of the cluster.</summary>
/// <param name="Id">Made anew at each of its starts.</param>
/// <param name="LastSeenAt">Its last heartbeat.</param>
/// <param name="Interval">How often it says that it lives.</param>
/// <param name="IsAlive">Its heartbeat is not overdue.</param>
/// <param name="IsThis">It is the host that answers.</param>
/// <param name="Running">Jobs that it runs now.</param>
public sealed record JobHost(string Id, DateTimeOffset? LastSeenAt, TimeSpan? Interval, bool IsAlive, bool IsThis, long Running);
