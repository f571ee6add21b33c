namespace PayFlow.Admin.Tests.Remote.Conformance;

/// <summary>What a query says by now.</summary>
/// <param name="Is">Its first value, as text.</param>
/// <param name="Till">A query of the till's file.</param>
/// <param name="Central">A query of central.</param>
internal sealed record ConformanceCheck(string Is, string? Till = null, string? Central = null);
