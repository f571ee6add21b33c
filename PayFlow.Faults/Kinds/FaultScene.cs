using PayFlow.Faults.Chain;
using PayFlow.Faults.Cluster;
using PayFlow.Faults.Engine;

namespace PayFlow.Faults.Kinds;

/// <summary>What a fault can lay its hands on.</summary>
internal sealed record FaultScene(ChainWorld World, PrivateCluster Cluster, EngineSlot Engine, TillDisk Disk, int Seed)
{
    /// <summary>How often it struck, by where.</summary>
    public Dictionary<string, int> Hits { get; } = new(StringComparer.Ordinal);
}
