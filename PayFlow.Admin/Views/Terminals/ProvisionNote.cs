namespace PayFlow.Admin.Views.Terminals;

/// <summary>Something that was left out of a script, or chosen for it.</summary>
public sealed record ProvisionNote(string Place, string Message, string? Remedy);
