namespace PayFlow.Admin.Views.Tables;

/// <summary>Which tables; what is null does not matter.</summary>
public sealed record TableFilter
{
    /// <summary>In either name.</summary>
    public string? Text { get; init; }

    /// <summary><c>both</c>, <c>pull</c> or <c>push</c>.</summary>
    public string? Direction { get; init; }

    public bool IsEmpty => this == new TableFilter();
}
