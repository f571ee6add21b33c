namespace PayFlow.Admin.Views.Terminals;

/// <summary>The device that is a terminal, or was the last one.</summary>
/// <param name="RegisteredAt">When its code was used.</param>
/// <param name="LastSeenAt">Its last request, to the minute.</param>
/// <param name="Interval">How often it syncs by itself; null until it has said so.</param>
/// <param name="MayResolve">Conflicts of its own rows may be decided at the till.</param>
/// <param name="RevokedAt">When its key ended; null while it works.</param>
/// <param name="RevokedBy">Who ended it.</param>
/// <param name="RevokedReason">Why.</param>
public sealed record DeviceRow(DateTimeOffset RegisteredAt, DateTimeOffset? LastSeenAt, TimeSpan? Interval, bool MayResolve, DateTimeOffset? RevokedAt, string? RevokedBy, string? RevokedReason)
{
    public bool Works => RevokedAt is null;
}
