namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary><c>payflow.audit</c>: who decided or changed what, by hand.</summary>
public sealed class AuditRow
{
    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>The person's name, or the program's.</summary>
    public required string Actor { get; set; }

    /// <summary>What was done, as <c>conflict.resolve</c>.</summary>
    public required string Action { get; set; }

    public string? TerminalId { get; set; }

    public string? TableName { get; set; }

    public string? Key { get; set; }

    public Guid? RunId { get; set; }

    /// <summary>A JSON object with everything needed to understand it, and to undo it by hand.</summary>
    public string Detail { get; set; } = "{}";
}
