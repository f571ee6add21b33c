using PayFlow.Admin.Views.Runs;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Integrity.Checkpoints;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Admin.Views.Terminals;

/// <summary>One terminal with everything that its page shows.</summary>
public sealed record TerminalDetail
{
    public required TerminalRow Row { get; init; }

    /// <summary>The device that it is, or was last; null for one whose file lies beside a host.</summary>
    public DeviceRow? Device { get; init; }

    /// <summary>Its file is elsewhere: it syncs over HTTP, by itself.</summary>
    public bool IsRemote => Device is not null && Row.Record.FilePath is null;

    /// <summary>What its own file says; null when it cannot be read from this host.</summary>
    public TerminalView? File { get; init; }

    /// <summary>Why not.</summary>
    public SyncException? FileProblem { get; init; }

    /// <summary>Where each table stands in each direction; empty without the file.</summary>
    public IReadOnlyList<Checkpoint> Checkpoints { get; init; } = [];

    /// <summary>Why the checkpoints cannot be read although the file can.</summary>
    public SyncException? CheckpointProblem { get; init; }

    public IReadOnlyList<RunRow> Runs { get; init; } = [];
}
