namespace PayFlow.Admin.Views;

/// <summary>The time zone of the chain's stores.</summary>
public sealed record StoreZone(TimeZoneInfo Zone);
