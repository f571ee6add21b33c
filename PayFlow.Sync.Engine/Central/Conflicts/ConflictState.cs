namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>Whether a conflict still waits.</summary>
public enum ConflictState
{
    Open,
    Resolved,
}
