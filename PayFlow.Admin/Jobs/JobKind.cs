namespace PayFlow.Admin.Jobs;

/// <summary>What a job does.</summary>
public enum JobKind
{
    /// <summary>One run of one terminal.</summary>
    Sync,

    /// <summary>Compares a terminal with central, and changes nothing.</summary>
    Verify,

    /// <summary>Brings one side to what the other has.</summary>
    Repair,

    /// <summary>Takes a run back.</summary>
    Rollback,

    /// <summary>Decides many conflicts.</summary>
    Resolve,
}
