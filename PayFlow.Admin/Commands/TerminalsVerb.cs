using System.CommandLine;

namespace PayFlow.Admin.Commands;

/// <summary><c>payflow terminals</c>: tills elsewhere, which sync over HTTP.</summary>
internal sealed class TerminalsVerb : Command
{
    public TerminalsVerb(CommandRunner runner)
        : base("terminals", "Let tills elsewhere in by a one-time code, and shut them out.")
    {
        Add(new TerminalsCodeVerb(runner));
        Add(new TerminalsCodesVerb(runner));
        Add(new TerminalsWithdrawVerb(runner));
        Add(new TerminalsRevokeVerb(runner));
    }
}
