namespace PayFlow.Admin.Api;

/// <summary>What was asked for.</summary>
/// <param name="Jobs">One for each terminal; among them those that waited for the same already.</param>
/// <param name="Made">How many of them are new.</param>
internal sealed record TriggerResponse(IReadOnlyList<JobResponse> Jobs, int Made);
