namespace PayFlow.Sync.Engine.Central.Metadata;

/// <summary><c>payflow.echoes</c>: what the engine itself wrote to a table captured by timestamp, so that it is not sent back.</summary>
public sealed class EchoRow
{
    public required string TerminalId { get; set; }

    public int TableId { get; set; }

    public required string Key { get; set; }

    /// <summary>The row's timestamp as the engine left it.</summary>
    public required string Stamp { get; set; }
}
