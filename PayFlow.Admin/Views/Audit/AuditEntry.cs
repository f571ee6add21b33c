namespace PayFlow.Admin.Views.Audit;

/// <summary>Who did what, when and why.</summary>
internal sealed record AuditEntry(long Id, DateTimeOffset At, string Actor, string Action, string? Terminal, string? Table, string? Key, Guid? Run, string Detail)
{
    /// <summary>What was acted on, as people name it.</summary>
    public string Object => string.Join(' ', new[] { Terminal, Table is { } table ? Key is { } row ? $"{table}/{row}" : table : Key }.Where(t => !string.IsNullOrEmpty(t)));
}
