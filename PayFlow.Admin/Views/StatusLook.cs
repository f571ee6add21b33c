namespace PayFlow.Admin.Views;

/// <summary>How a status looks: icon, word and tone belong together everywhere.</summary>
/// <param name="Icon">One character.</param>
/// <param name="Word">For people.</param>
/// <param name="Tone"><c>good</c>, <c>busy</c>, <c>warn</c>, <c>bad</c> or <c>quiet</c>.</param>
public sealed record StatusLook(string Icon, string Word, string Tone)
{
    /// <summary>The look of a status as the databases spell it, in capitals or not.</summary>
    public static StatusLook Of(string? status) => status?.ToUpperInvariant() switch
    {
        "SYNCED" => new("✓", "Synced", "good"),
        "SUCCEEDED" => new("✓", "Succeeded", "good"),
        "EQUAL" => new("✓", "Equal", "good"),
        "RESOLVED" => new("✓", "Resolved", "good"),
        "ACTIVE" => new("✓", "Active", "good"),
        "ONLINE" => new("✓", "In step", "good"),
        "RUNNING" => new("▶", "Running", "busy"),
        "SYNCING" => new("▶", "Syncing", "busy"),
        "PENDING" => new("…", "Pending", "busy"),
        "WAITING" => new("…", "Waiting", "busy"),
        "SCHEDULED" => new("◷", "Scheduled", "busy"),
        "RETRYING" => new("↻", "Retrying", "warn"),
        "CONFLICT" => new("≠", "Conflict", "warn"),
        "OPEN" => new("≠", "Open", "warn"),
        "LATE" => new("!", "Late", "warn"),
        "ASIDE" => new("⤓", "Set aside", "warn"),
        "DIFFERENT" => new("≠", "Different", "bad"),
        "FAILED" => new("✕", "Failed", "bad"),
        "STALLED" => new("✕", "Stalled", "bad"),
        "DEAD" => new("✕", "Dead letter", "bad"),
        "FAILING" => new("!", "Failing", "warn"),
        "SWITCHED-OFF" => new("✕", "Switched off", "bad"),
        "OFF" => new("⊘", "Off", "quiet"),
        "CANCELLED" => new("⊘", "Cancelled", "quiet"),
        "PAUSED" => new("‖", "Paused", "quiet"),
        "LOCKED" => new("!", "Locked", "warn"),
        "INVITED" => new("…", "Invited", "busy"),
        "DETACHED" => new("⊘", "Detached", "quiet"),
        "REVOKED" => new("⊘", "Revoked", "bad"),
        "DISABLED" => new("⊘", "Disabled", "quiet"),
        "IDLE" => new("–", "Idle", "quiet"),
        "NEVER" => new("–", "Never synced", "quiet"),
        null or "" => new("–", "Unknown", "quiet"),
        var other => new("·", char.ToUpperInvariant(other[0]) + other[1..].ToLowerInvariant(), "quiet"),
    };
}
