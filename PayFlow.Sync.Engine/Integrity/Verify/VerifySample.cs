namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>One difference, to be looked at.</summary>
/// <param name="Kind">How the row differs.</param>
/// <param name="Key">Central's key of the row; the terminal's own where central has none.</param>
/// <param name="Column">The terminal's column; null for a row that is missing.</param>
/// <param name="Terminal">What the terminal holds, as text; null for NULL and for a missing row.</param>
/// <param name="Central">What central holds.</param>
public sealed record VerifySample(DifferenceKind Kind, string Key, string? Column, string? Terminal, string? Central);
