namespace PayFlow.Admin.Sample;

/// <summary>The open shift of a till: its local key and how many sales it has had.</summary>
internal sealed record SampleShift(long LocalId, string UserId, int Sales);
