namespace PayFlow.Sync.Engine.Sessions;

/// <summary>A file that is to become a terminal.</summary>
public sealed record AttachRequest
{
    public required string Path { get; init; }

    public required string Terminal { get; init; }

    public string? Name { get; init; }

    /// <summary>What row filters may name: <c>store_id</c> for <c>{terminal.store_id}</c>. Null leaves what central has.</summary>
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    /// <summary>The file is a copy of another terminal's: it becomes a terminal of its own, and what waits in its queue is the other's to send.</summary>
    public bool AsNew { get; init; }
}
