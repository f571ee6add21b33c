namespace PayFlow.Admin.Tests.Remote.Conformance;

/// <summary>A run.</summary>
/// <param name="Expect">How it ends.</param>
/// <param name="Die">The step at which the till's process ends.</param>
/// <param name="Lose">The path whose first answer is lost.</param>
internal sealed record ConformanceSync(string Expect, string? Die = null, string? Lose = null);
