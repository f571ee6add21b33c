using PayFlow.Sync.Engine.Integrity.Checkpoints;

namespace PayFlow.Admin.Views.Terminals;

/// <summary>A checkpoint in a badge.</summary>
internal static class CheckpointLook
{
    public static string Status(Checkpoint checkpoint) => checkpoint switch
    {
        { State: CheckpointState.Following, Rows: 0 } => "SYNCED",
        { State: CheckpointState.Following } => "PENDING",
        { State: CheckpointState.Never } => "NEVER",
        { State: CheckpointState.WaitsForBootstrap } => "LATE",
        _ => "RUNNING",
    };

    public static string Text(Checkpoint checkpoint) => checkpoint switch
    {
        { State: CheckpointState.Following, Rows: 0 } => "In step",
        { State: CheckpointState.Following } => "Behind",
        { State: CheckpointState.Never } => "Never synced",
        { State: CheckpointState.WaitsForBootstrap } => "Waits for bootstrap",
        { State: CheckpointState.Comparing } => "Compared by the next run",
        _ => "Loading",
    };

    public static string? Hint(Checkpoint checkpoint) => checkpoint.State switch
    {
        CheckpointState.WaitsForBootstrap => "Its rows are older than the capture, or it was not captured for a while: bootstrap compares them with central.",
        CheckpointState.Comparing => "The next run compares all of the terminal's rows with central, and sends what central lacks.",
        CheckpointState.Loading => "All of central's rows are read, from the start; a run that is stopped goes on where it was.",
        CheckpointState.Never => "The map has the table, and no run has met it yet.",
        _ => null,
    };
}
