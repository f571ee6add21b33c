namespace PayFlow.Sync.Engine.Integrity.Rollbacks;

/// <summary>Where a row went back, or did not.</summary>
public enum RollbackSide
{
    Central,
    Terminal,
}
