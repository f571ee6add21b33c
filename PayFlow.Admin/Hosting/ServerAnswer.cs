namespace PayFlow.Admin.Hosting;

/// <summary>What came back from the port where a cluster's server should be.</summary>
internal enum ServerAnswer
{
    /// <summary>Our cluster, ready for work.</summary>
    Ours,

    /// <summary>A server that serves another folder.</summary>
    Another,

    /// <summary>A server that refuses our password.</summary>
    Refused,

    /// <summary>Nobody, or a server that is still starting.</summary>
    NotYet,
}
