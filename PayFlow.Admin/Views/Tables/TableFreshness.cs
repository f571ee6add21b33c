using PayFlow.Admin.Views.Terminals;

namespace PayFlow.Admin.Views.Tables;

/// <summary>How fresh a table is: as its terminals are, by their own schedules.</summary>
internal static class TableFreshness
{
    /// <param name="isEnabled">The map has it synced.</param>
    /// <param name="terminals">Every terminal as it stands.</param>
    /// <param name="lag">Central's changes that they have not read yet.</param>
    public static (string Status, string? Why) Of(bool isEnabled, IReadOnlyList<TerminalRow> terminals, long lag)
    {
        if (!isEnabled)
            return ("DISABLED", "The map has it switched off: nothing of it travels.");
        var active = terminals.Where(t => t.Standing.Status != "DETACHED").ToList();
        if (active.Count == 0)
            return ("NEVER", "No terminal is attached.");
        foreach (var status in new[] { "STALLED", "LATE" })
        {
            var those = active.Where(t => t.Standing.Status == status).Select(t => t.Id).ToList();
            if (those.Count > 0)
                return (status, $"{(those.Count <= 3 ? string.Join(", ", those) : $"{those.Count} of {active.Count} terminals")} {(status == "LATE" ? "should have been synced by now" : "stalled")}.");
        }
        if (active.All(t => t.Standing.Status == "NEVER"))
            return ("NEVER", "No terminal has been synced yet.");
        return lag > 0 ? ("PENDING", "Central has changes that not every terminal has read yet.") : ("ONLINE", null);
    }
}
