namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary><c>payflow.central</c>: who this central is; exactly one row.</summary>
public sealed class CentralRow
{
    /// <summary>Always true; the key that lets no second row in.</summary>
    public bool Singleton { get; set; } = true;

    /// <summary>Made once; a terminal refuses another central.</summary>
    public Guid Id { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Of the change log. Grows when the cluster underneath is another one, because its transaction ids cannot be compared with the old ones.</summary>
    public int Generation { get; set; }

    /// <summary>The cluster's own identifier; null where the role may not read it.</summary>
    public long? SystemIdentifier { get; set; }

    /// <summary>The cluster's timeline; null where the role may not read it.</summary>
    public int? Timeline { get; set; }

    /// <summary>Grows with each change of the table map.</summary>
    public long MapVersion { get; set; }

    /// <summary>The change log begins behind this place: generation, transaction, entry.</summary>
    public int PrunedGeneration { get; set; }

    public ulong PrunedXid { get; set; }

    public long PrunedId { get; set; }
}
