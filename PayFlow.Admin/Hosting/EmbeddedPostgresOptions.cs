namespace PayFlow.Admin.Hosting;

/// <summary>What a private cluster is made with. An existing cluster keeps what its <c>postgresql.conf</c> says.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>Off only for throw-away clusters: a crash of the machine then loses the cluster.</summary>
    public bool Fsync { get; init; } = true;

    public int MaxConnections { get; init; } = 100;

    /// <summary>How long a start may take, crash recovery included.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long an orderly stop may take before the server is stopped at once and recovers at its next start.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
