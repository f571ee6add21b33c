namespace PayFlow.Admin.Views.Consistency;

/// <summary>Which of the history; what is null does not matter.</summary>
public sealed record ConsistencyFilter
{
    public string? Terminal { get; init; }

    /// <summary><c>verify</c>, <c>repair</c> or <c>rollback</c>.</summary>
    public string? Kind { get; init; }

    public bool IsEmpty => this == new ConsistencyFilter();
}
