using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Output;

/// <summary>A direction as people see it: an arrow between both names, because nobody remembers which one is "pull".</summary>
internal static class DirectionLabel
{
    public static string Of(string terminal, SyncDirection direction) => direction switch
    {
        SyncDirection.Pull => $"{Till(terminal)} → central",
        SyncDirection.Push => $"central → {Till(terminal)}",
        _ => $"{Till(terminal)} ↔ central",
    };

    /// <summary><c>till T1</c>, and <c>till-01</c> for an id that says so itself.</summary>
    public static string Till(string terminal) => terminal.StartsWith("till", StringComparison.OrdinalIgnoreCase) ? terminal : $"till {terminal}";
}
