namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>Which PostgreSQL cluster it is; transaction ids can be compared within one such identity only. Null is "not to be known here".</summary>
internal sealed record ClusterIdentity(long? SystemIdentifier, int? Timeline)
{
    public static readonly ClusterIdentity Unknown = new(null, null);
}
