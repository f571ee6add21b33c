namespace PayFlow.Sync.Engine.Tables;

/// <summary>What to do with a terminal row that has a key of its own and no central row yet.</summary>
public enum UnlinkedRows
{
    Create,

    /// <summary>Leave it in the queue and count it as skipped.</summary>
    Skip,
}
