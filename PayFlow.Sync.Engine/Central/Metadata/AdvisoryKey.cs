namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary>The advisory lock keys of this folder: "PFSY" in the upper half, so that they do not meet a key of the chain's own programs.</summary>
internal static class AdvisoryKey
{
    private const long Space = 0x50465359L << 32;

    /// <summary>Held for the session while the schema is migrated.</summary>
    public const long Migration = Space | 1;

    /// <summary>Held for the transaction that writes settings into a table without a unique key, or creates the table.</summary>
    public const long Settings = Space | 2;
}
