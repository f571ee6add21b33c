namespace PayFlow.Admin.Jobs;

/// <summary>What became of an action on many jobs.</summary>
/// <param name="Done">The jobs that it was done to.</param>
/// <param name="Refused">Those that were not in a state for it, each with the reason.</param>
public sealed record BulkJobResult(IReadOnlyList<long> Done, IReadOnlyDictionary<long, string> Refused);
