using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Http.Messages;

/// <summary>The answer to <see cref="OpenRequest"/>.</summary>
public sealed record OpenAnswer
{
    /// <summary>The host does not know the terminal's tables in this version: nothing was begun, and the request is to be sent again with the schema.</summary>
    public bool SchemaNeeded { get; init; }

    public Guid CentralId { get; init; }

    /// <summary>Stands for the plan: equal for equal plans.</summary>
    public string PlanId { get; init; } = string.Empty;

    /// <summary>Null when the terminal has it.</summary>
    public SyncPlan? Plan { get; init; }

    /// <summary>The terminal's number, for key blocks.</summary>
    public int Number { get; init; }

    public long Counter { get; init; }

    public Guid? Nonce { get; init; }

    public Guid Lineage { get; init; }

    public string? Fingerprint { get; init; }

    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>How many bytes a batch may have, unpacked.</summary>
    public long? MaxUpload { get; init; }

    public LogPosition Position { get; init; }

    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();
}
