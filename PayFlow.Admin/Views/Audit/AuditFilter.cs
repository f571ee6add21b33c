namespace PayFlow.Admin.Views.Audit;

/// <summary>Which entries; what is null does not matter.</summary>
internal sealed record AuditFilter
{
    public string? Actor { get; init; }

    /// <summary>The action, or its beginning: <c>user</c> finds <c>user.role</c>.</summary>
    public string? Action { get; init; }

    public string? Terminal { get; init; }

    public string? Table { get; init; }

    public string? Key { get; init; }

    public Guid? Run { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    public bool IsEmpty => this == new AuditFilter();
}
