namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>One of the two databases.</summary>
public enum DatabaseSide
{
    Terminal,
    Central,
}
