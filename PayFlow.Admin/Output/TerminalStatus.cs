using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Admin.Output;

/// <summary>How one till stands: what central knows of it, and what its own file says, each where it can be had.</summary>
internal sealed record TerminalStatus
{
    public required string Terminal { get; init; }

    /// <summary>Why central's part is missing.</summary>
    public string? CentralError { get; init; }

    public TerminalRecord? Registered { get; init; }

    public LoggedRun? LastRun { get; init; }

    public IReadOnlyList<OpenConflict> Conflicts { get; init; } = [];

    public TerminalView? Local { get; init; }
}
