namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing; nothing goes wrong.</summary>
    Info,

    /// <summary>Some rows or values may be refused, or will not be as exact as they could be.</summary>
    Warning,

    /// <summary>The table cannot be synced, or a column's values would stay behind.</summary>
    Error,
}
