namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary><c>payflow.captured_tables</c>: a table whose changes central logs, under a short number.</summary>
public sealed class CapturedTableRow
{
    public int Id { get; set; }

    public required string SchemaName { get; set; }

    public required string TableName { get; set; }

    public required string[] KeyColumns { get; set; }
}
