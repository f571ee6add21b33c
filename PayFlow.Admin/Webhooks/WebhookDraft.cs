namespace PayFlow.Admin.Webhooks;

/// <summary>A webhook as somebody wants it; <see cref="WebhookCheck"/> says what is wrong with it, field by field.</summary>
public sealed record WebhookDraft
{
    public string Name { get; init; } = string.Empty;

    public string Url { get; init; } = string.Empty;

    /// <summary>Types of events.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Only what concerns these; all when null.</summary>
    public IReadOnlyList<string>? Terminals { get; init; }

    /// <summary>Only what concerns these; all when null.</summary>
    public IReadOnlyList<string>? Tables { get; init; }
}
