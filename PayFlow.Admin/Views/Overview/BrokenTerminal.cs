namespace PayFlow.Admin.Views.Overview;

/// <summary>A terminal whose last run could not be done.</summary>
public sealed record BrokenTerminal(string Terminal, Guid Run, DateTimeOffset At, string? Error, string? Hint);
