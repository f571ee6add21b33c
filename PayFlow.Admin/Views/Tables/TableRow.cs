using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Views.Tables;

/// <summary>A synced table in the list.</summary>
public sealed record TableRow
{
    public required TableMapEntry Entry { get; init; }

    public string Name => Entry.Name;

    /// <summary>Rows that travelled in the last 24 hours.</summary>
    public long Moved { get; init; }

    /// <summary>Rows that were refused in the last 24 hours.</summary>
    public long Failed { get; init; }

    /// <summary>When a run last moved rows of it; null when none did in the last 24 hours.</summary>
    public DateTimeOffset? MovedAt { get; init; }

    /// <summary>Conflicts that wait for a decision.</summary>
    public long Conflicts { get; init; }

    /// <summary>Central's changes that active terminals have not read yet, added up; at least so many when <see cref="IsLagMore"/>.</summary>
    public long LagRows { get; init; }

    public bool IsLagMore { get; init; }

    /// <summary>Since when the oldest of them waits.</summary>
    public DateTimeOffset? LagSince { get; init; }

    /// <summary>A status for its badge: the worst of its terminals.</summary>
    public string Status { get; init; } = "NEVER";

    /// <summary>Why, in words.</summary>
    public string? Why { get; init; }
}
