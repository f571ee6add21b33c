namespace PayFlow.Sync.Engine.Tables;

/// <summary>Which way a table travels. The words are the specification's: pull is terminal to central, push is central to terminal.</summary>
public enum SyncDirection
{
    Both,
    Push,
    Pull,
}
