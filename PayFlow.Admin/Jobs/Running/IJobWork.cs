namespace PayFlow.Admin.Jobs.Running;

/// <summary>Does one kind of job.</summary>
internal interface IJobWork
{
    JobKind Kind { get; }

    /// <summary>Does it; may be called again for the same job, after any part of it was done.</summary>
    /// <returns>What it did, to be kept as JSON.</returns>
    Task<object> RunAsync(JobContext context, CancellationToken cancellationToken);
}
