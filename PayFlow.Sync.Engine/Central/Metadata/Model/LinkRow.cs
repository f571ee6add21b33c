namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary><c>payflow.links</c>: which central row a terminal's row is.</summary>
public sealed class LinkRow
{
    public required string TerminalId { get; set; }

    public required string TableName { get; set; }

    public required string LocalKey { get; set; }

    public required string ServerKey { get; set; }
}
