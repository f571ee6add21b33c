using PayFlow.Faults.Chain;

namespace PayFlow.Faults.Kinds;

/// <summary>A kind of fault: its name on the command line, what it does in words, and how it is made.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Text">What it does.</param>
/// <param name="Create">Makes one for a seed.</param>
internal sealed record FaultKind(string Name, string Text, Func<FaultScene, Fault> Create)
{
    /// <summary>What the seed's tables must be like for the fault to find its place.</summary>
    public Func<ChainShape, int, ChainShape> Adapt { get; init; } = (shape, _) => shape;

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new("none", "no fault: the control", scene => new NoFault(scene)),
        new("kill-at-instant", "kill -9 of the engine at a random instant", scene => new KillAtInstant(scene)),
        new("kill-at-step", "kill -9 of the engine at a named step", scene => new KillAtStep(scene)) { Adapt = KillAtStep.Adapt },
        new("server-crash", "pg_ctl stop -m immediate, and a start", scene => new ServerCrash(scene)),
        new("back-end-cut", "the engine's back end is terminated, in mid-COPY above all", scene => new BackEndCut(scene)),
        new("file-locked", "another process holds the SQLite file's write lock", scene => new FileLocked(scene)),
        new("disk-full", "the SQLite file's disk is full", scene => new DiskFull(scene)),
        new("clock-jump", "the engine's and the till's clock jump by a day", scene => new ClockJump(scene)),
        new("file-restored", "the till's file is replaced by a backup", scene => new FileRestored(scene)) { Adapt = FileRestored.Adapt },
        new("table-altered", "a column is added, dropped or renamed between runs", scene => new TableAltered(scene)),
    ];

    public static FaultKind? Find(string name) => All.FirstOrDefault(k => k.Name == name);
}
