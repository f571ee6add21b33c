namespace PayFlow.Sync.Engine.Http;

/// <summary>What a remote terminal needs to reach its host; the key is a secret.</summary>
public sealed record DeviceCredentials
{
    /// <summary>The host, such as <c>https://payflow.example.com</c>.</summary>
    public required Uri Host { get; init; }

    /// <summary>The terminal's id; null until it is registered.</summary>
    public string? Terminal { get; init; }

    /// <summary>The device key; null until it is registered.</summary>
    public string? Key { get; init; }

    /// <summary>Of a registration whose answer has not arrived: the random text under which it may be repeated.</summary>
    public string? Attempt { get; init; }

    /// <summary>Of a change of the key that has not come to its end: the one that takes its place.</summary>
    public string? NextKey { get; init; }

    /// <summary>Of a change of the key that has come to its end: the one before, until the host has taken <see cref="Key"/>.</summary>
    public string? FormerKey { get; init; }

    /// <summary>Since when it has this key.</summary>
    public DateTimeOffset? KeySince { get; init; }

    public bool IsRegistered => Terminal is not null && Key is not null;

    public override string ToString() => $"{Terminal} at {Host}";
}
