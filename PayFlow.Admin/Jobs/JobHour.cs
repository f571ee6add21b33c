namespace PayFlow.Admin.Jobs;

/// <summary>Jobs that ended within an hour.</summary>
/// <param name="Hour">Its beginning.</param>
/// <param name="Succeeded">Done.</param>
/// <param name="Failed">Given up.</param>
/// <param name="Cancelled">Called off.</param>
public sealed record JobHour(DateTimeOffset Hour, long Succeeded, long Failed, long Cancelled);
