namespace PayFlow.Sync.Engine.Integrity;

/// <summary>Where a row went back, or did not.</summary>
public enum RollbackSide
{
    Central,
    Terminal,
}
