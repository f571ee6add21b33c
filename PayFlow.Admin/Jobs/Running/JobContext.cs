namespace PayFlow.Admin.Jobs.Running;

/// <summary>What work is given besides its request.</summary>
/// <param name="Job">The row, as it was claimed.</param>
/// <param name="Meter">Told how far it has got.</param>
internal sealed record JobContext(JobRecord Job, JobMeter Meter)
{
    public JobRequest Request => Job.Request;

    /// <summary>Its terminal.</summary>
    public string Terminal => Job.Terminal ?? throw new InvalidOperationException($"Job {Job.Id} is about no terminal.");
}
