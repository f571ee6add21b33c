namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>What one query tells about central's metadata.</summary>
/// <param name="Applied">The migrations that were applied.</param>
/// <param name="HasCentral">The singleton row is there.</param>
/// <param name="Stored">The cluster that the change log was last written in.</param>
/// <param name="Live">The cluster as it is now.</param>
internal sealed record MetadataState(IReadOnlyList<string> Applied, bool HasCentral, ClusterIdentity Stored, ClusterIdentity Live)
{
    /// <summary>Every migration is applied, central has its identity, and the cluster is the one it was.</summary>
    public bool IsCurrent => MetadataMigrator.Known.All(Applied.Contains) && HasCentral && IsSameCluster;

    // What cannot be read now is no reason to forget what was read once.
    private bool IsSameCluster =>
        (Live.SystemIdentifier is null || Live.SystemIdentifier == Stored.SystemIdentifier) && (Live.Timeline is null || Live.Timeline == Stored.Timeline);
}
