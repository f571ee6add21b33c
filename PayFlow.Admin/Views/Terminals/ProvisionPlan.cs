namespace PayFlow.Admin.Views.Terminals;

/// <summary>What central lacks of a terminal's tables.</summary>
/// <param name="Path">The terminal's file.</param>
/// <param name="Statements">What would be created, in words, in order.</param>
/// <param name="Sql">The same as the script that would be run.</param>
/// <param name="Notes">What is left out or had to be chosen, with the remedy.</param>
public sealed record ProvisionPlan(string Path, IReadOnlyList<string> Statements, string Sql, IReadOnlyList<ProvisionNote> Notes);
