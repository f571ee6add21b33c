namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>Whose word counts.</summary>
public enum ConflictSide
{
    /// <summary>What the terminal changed; what it did not change stays as central has it.</summary>
    Terminal,

    /// <summary>Central's row stands.</summary>
    Central,

    /// <summary>Where one side deleted the row: it stays, with the values of the other.</summary>
    Keep,

    /// <summary>Where one side deleted the row: it goes.</summary>
    Delete,
}
