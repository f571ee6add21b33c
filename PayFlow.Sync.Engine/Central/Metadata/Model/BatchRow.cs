namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary><c>payflow.batches</c>: an applied batch and the answer it got, so that it is never applied twice.</summary>
public sealed class BatchRow
{
    public Guid Id { get; set; }

    public required string TerminalId { get; set; }

    public Guid? RunId { get; set; }

    public DateTimeOffset AppliedAt { get; set; }

    public int Rows { get; set; }

    /// <summary>The stored answer as JSON.</summary>
    public required string Result { get; set; }
}
