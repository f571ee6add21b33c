namespace PayFlow.Sync.Engine.Sessions;

/// <summary>What central knows of a conflict that a terminal waits for.</summary>
public enum DecisionState
{
    /// <summary>Central has no such conflict: it was restored to an earlier point, or the record is gone. The change is sent anew.</summary>
    Unknown,

    /// <summary>It still waits.</summary>
    Open,

    Decided,
}
