using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Sync.Engine.Central.Runs;

/// <summary>
/// The specification's checkpoint keys in <c>system_settings</c>: <c>sync.checkpoint.DIRECTION.TABLE</c>, for every terminal but the first with the terminal's id behind it.
/// They mirror what the terminal itself keeps; nothing is read from them.
/// </summary>
internal static class Checkpoints
{
    public static Dictionary<string, string> Of(RunReport report, bool isFirstTerminal)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in report.Tables.Where(t => t.CheckpointTo is not null && t.CheckpointTo != t.CheckpointFrom))
        {
            var key = $"sync.checkpoint.{table.Direction.ToString().ToLowerInvariant()}.{table.Table}";
            values[isFirstTerminal ? key : $"{key}.{report.Terminal}"] = table.CheckpointTo!;
        }
        return values;
    }
}
