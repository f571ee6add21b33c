namespace PayFlow.Admin.Jobs;

/// <summary>The order of a list of jobs; every one ends with the number, so that pages do not overlap.</summary>
public enum JobSort
{
    Newest,
    Oldest,

    /// <summary>The next due first.</summary>
    Due,

    /// <summary>The last finished first.</summary>
    Finished,
}
