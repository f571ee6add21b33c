namespace PayFlow.Sync.Engine.Tables;

/// <summary>How changes are found on one side.</summary>
public enum CaptureMode
{
    /// <summary>Exact, deletes included.</summary>
    Trigger,

    /// <summary>By <c>updated_at</c>, <c>last_updated</c> or <c>created_at</c>, whichever exists, in that order; deletes are not seen.</summary>
    Timestamp,
}
