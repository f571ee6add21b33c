using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Sessions;

/// <summary>How a terminal introduces itself at the start of a run.</summary>
public sealed record Hello
{
    public required string Terminal { get; init; }

    public required Guid RunId { get; init; }

    /// <summary>Why it runs: <c>manual</c>, <c>schedule</c>, <c>bootstrap</c>, <c>demo</c>.</summary>
    public string SyncType { get; init; } = "manual";

    public SyncDirection Direction { get; init; }

    /// <summary>The terminal's tables, and a text that changes when they do.</summary>
    public required DatabaseSchema Schema { get; init; }

    public required string SchemaVersion { get; init; }

    /// <summary>Where the file lies on which machine: tells a copied file from one that was restored in its place.</summary>
    public string Fingerprint { get; init; } = string.Empty;
}
