using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Views.Terminals;

/// <summary>A terminal's name and attributes, as edited.</summary>
/// <param name="Before">What the edit began with: somebody else may have been faster.</param>
/// <param name="Name">What people call it; null for nothing.</param>
/// <param name="Attributes">All of them.</param>
public sealed record TerminalEdit(TerminalRecord Before, string? Name, IReadOnlyDictionary<string, string> Attributes);
