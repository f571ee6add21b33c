namespace PayFlow.Admin.Views.Terminals;

/// <summary>Which terminals; what is null does not matter.</summary>
public sealed record TerminalFilter
{
    /// <summary>In id, name, file path or an attribute.</summary>
    public string? Text { get; init; }

    /// <summary>A status of <see cref="TerminalStanding"/>.</summary>
    public string? Status { get; init; }

    public bool IsEmpty => this == new TerminalFilter();
}
