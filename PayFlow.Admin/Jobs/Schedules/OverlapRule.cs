namespace PayFlow.Admin.Jobs.Schedules;

/// <summary>What a schedule does for a terminal whose job of the time before has not ended.</summary>
public enum OverlapRule
{
    /// <summary>Nothing: the next time will do.</summary>
    Skip,

    /// <summary>One job waits behind the one that runs, never more.</summary>
    Queue,
}
