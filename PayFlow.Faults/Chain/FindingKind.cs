namespace PayFlow.Faults.Chain;

/// <summary>What can be wrong with a chain that was left in peace.</summary>
internal enum FindingKind
{
    /// <summary>A committed row or change that no side has, although nobody deleted it, wrote over it or decided against it.</summary>
    Lost,

    /// <summary>A row that is there twice, or a change that was applied twice.</summary>
    Duplicated,

    /// <summary>It does not come to rest, a run fails again and again, or an entry stays on its way.</summary>
    Wedged,

    /// <summary>Both sides differ, and no open entry says why.</summary>
    Divergent,
}
