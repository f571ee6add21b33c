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

    /// <summary>It strikes the line or the host of tills elsewhere.</summary>
    public bool NeedsLine { get; init; }

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
        new("second-program", "other processes open, write and close the till's file, and die, while the engine keeps it open", scene => new SecondProgram(scene)),
        new("line-delayed", "a request or an answer is late, also later than the till waits", scene => new LineDelayed(scene)) { NeedsLine = true },
        new("line-dropped", "a request, an answer or half of one vanishes, and nobody says so", scene => new LineDropped(scene)) { NeedsLine = true },
        new("line-truncated", "a body is cut short or altered, and its length says nothing of it", scene => new LineTruncated(scene)) { NeedsLine = true },
        new("line-duplicated", "requests arrive twice, at once or long after", scene => new LineDuplicated(scene)) { NeedsLine = true },
        new("line-reordered", "a request that was given up arrives behind later ones", scene => new LineReordered(scene)) { NeedsLine = true },
        new("line-cut", "the connection breaks at each kind of border in request and answer", scene => new LineCut(scene)) { NeedsLine = true },
        new("host-restart", "the host is killed (kill -9) or stopped in mid-run, and started again", scene => new HostRestart(scene)) { NeedsLine = true },
        new("foreign-token", "a device sends another till's token, run, id and batch", scene => new ForeignToken(scene)) { NeedsLine = true },
        new("key-revoked", "the device's key is revoked in mid-run, and it registers again with a new code", scene => new KeyRevoked(scene)) { NeedsLine = true },
    ];

    /// <summary>Those of tills whose files lie beside central.</summary>
    public static IReadOnlyList<FaultKind> Attached { get; } = [.. All.Where(k => !k.NeedsLine)];

    public static FaultKind? Find(string name) => All.FirstOrDefault(k => k.Name == name);
}
