namespace PayFlow.Faults.Chain;

/// <summary>How a made-up table's rows are known on both sides.</summary>
internal enum ChainKey
{
    Shared,
    Composite,

    /// <summary><c>local_id</c> and <c>server_id</c>.</summary>
    Linked,
}
