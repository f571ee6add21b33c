using System.CommandLine;
using System.Globalization;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Commands;

/// <summary>Which conflicts a verb is about.</summary>
internal static class ConflictOptions
{
    public static Option<string?> Terminal { get; } = new("--terminal") { Description = "Only those of this till.", HelpName = "ID" };

    public static Option<string?> Table { get; } = new("--table") { Description = "Only those of this table of the till.", HelpName = "NAME" };

    public static Option<string?> Kind { get; } = new("--kind") { Description = $"Only those of this kind: {string.Join(", ", ConflictKind.All)}.", HelpName = "KIND" };

    public static Option<string?> Since { get; } = new("--since") { Description = "Only those found then or later, such as 2026-11-21 or 2026-11-21T08:00Z.", HelpName = "TIME" };

    /// <exception cref="SyncException">A word or a time is not understood.</exception>
    public static ConflictFilter Read(Invocation call, ConflictState? state)
    {
        var kind = call.Get(Kind)?.ToLowerInvariant();
        if (kind is not null && !ConflictKind.All.Contains(kind))
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"'{kind}' is no kind of conflict", $"Kinds are {string.Join(", ", ConflictKind.All)}.");
        return new ConflictFilter { Terminal = call.Get(Terminal), Table = call.Get(Table), Kind = kind, State = state, Since = ReadSince(call.Get(Since)) };
    }

    private static DateTimeOffset? ReadSince(string? text)
    {
        if (text is null)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var since)
            ? since
            : throw new SyncException(SyncErrorCode.InvalidConfiguration, $"--since: '{text}' is no time", "Write, for example, 2026-11-21 or 2026-11-21T08:00Z (UTC).");
    }
}
