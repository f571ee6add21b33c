using PayFlow.Faults.Chain;
using PayFlow.Faults.Cluster;
using PayFlow.Faults.Engine;
using PayFlow.Faults.Line;

namespace PayFlow.Faults.Kinds;

/// <summary>What a fault can lay its hands on.</summary>
internal sealed record FaultScene(ChainWorld World, PrivateCluster Cluster, EngineSlot Engine, TillDisk Disk, int Seed)
{
    /// <summary>What is between the tills and central; null where they are files beside it.</summary>
    public RemoteSide? Remote { get; init; }

    /// <summary>What the fault itself saw go wrong.</summary>
    public List<Finding> Findings { get; } = [];

    /// <summary>How often it struck, by where.</summary>
    public Dictionary<string, int> Hits { get; } = new(StringComparer.Ordinal);
}
