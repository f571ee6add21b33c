using System.CommandLine;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow conflicts</c>: the rows that both sides changed, and what becomes of them.</summary>
internal sealed class ConflictsVerb : Command
{
    public ConflictsVerb(CommandRunner runner)
        : base("conflicts", "List, show and decide the conflicts that wait. Needs central only; a till takes a decision over at its next sync.")
    {
        Add(new ConflictsListVerb(runner));
        Add(new ConflictsShowVerb(runner));
        Add(new ConflictsResolveVerb(runner));
    }
}
