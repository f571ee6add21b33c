namespace PayFlow.Admin.Jobs;

/// <summary>What became of a request.</summary>
/// <param name="Jobs">Its jobs, one per terminal and in their order; among them those that waited for the same already.</param>
/// <param name="Made">How many of them are new.</param>
/// <param name="GroupId">Joins those that were made; null when none was.</param>
public sealed record JobSubmission(IReadOnlyList<JobRecord> Jobs, int Made, Guid? GroupId);
