using System.Globalization;
using PayFlow.Admin.Components;

namespace PayFlow.Admin.Views.Overview;

/// <summary>Turns figures into the one sentence on top of the overview and the list of what needs somebody.</summary>
internal static class OverviewSummary
{
    /// <summary>Whether data is flowing, and since when. At most one sentence.</summary>
    public static string Sentence(OverviewState state, DateTimeOffset now)
    {
        if (state.Terminals == 0)
            return "No terminal is attached yet.";
        if (state.LastRunAt is not { } last)
            return $"{Count(state.Terminals, "terminal")} attached, and none has been synced yet.";
        var flow = state.RunningRuns > 0 ? "Data is flowing now" : state.LastMovedAt is { } moved ? $"Data last moved {RelativeText.Of(moved, now)}, and the last sync ended {RelativeText.Of(last, now)}" : $"No row has moved yet; the last sync ended {RelativeText.Of(last, now)}";
        var synced = state.Terminals - state.NeverSynced;
        if (state.Broken.Count > 0)
            return $"{flow}, but {Count(state.Broken.Count, "terminal")} of {Number(state.Terminals)} cannot be synced.";
        if (state.Different.Count > 0)
            return $"{flow}, but {Count(state.Different.Count, "terminal")} of {Number(state.Terminals)} {(state.Different.Count == 1 ? "differs" : "differ")} from central.";
        return $"{flow}. {(synced == state.Terminals ? synced == 1 ? "The terminal can be synced." : $"All of the {Count(synced, "terminal")} can be synced." : $"{Count(synced, "terminal")} of {Number(state.Terminals)} have been synced.")}";
    }

    /// <summary>What needs somebody, what fails first.</summary>
    public static IReadOnlyList<Attention> Attentions(OverviewState state, DateTimeOffset now)
    {
        var list = new List<Attention>();
        foreach (var broken in state.Broken)
            list.Add(new("bad", $"{broken.Terminal} cannot be synced ({RelativeText.Of(broken.At, now)})", Urls.Terminal(broken.Terminal), Sentences(broken.Error, broken.Hint)));
        foreach (var different in state.Different)
            list.Add(new("bad", $"{different.Terminal} and central differ in {Count(different.Rows, "row")} (compared {RelativeText.Of(different.At, now)})", Urls.ConsistencyOf(different.Terminal), "Look at the differences and repair them, or compare again."));
        if (state.HeldBack is { } held)
            list.Add(new("bad", $"A transaction in central has been open since {RelativeText.Of(held.Since, now)}: what was changed behind it cannot come down yet", Urls.Settings, $"Process {held.Process}{(held.Application is { Length: > 0 } name ? $" ({name})" : null)}: {held.Statement}"));
        Add(list, "bad", state.FailedRows, "row is refused", "rows are refused", Urls.Queue(status: "FAILED"), "Each has its reason; edit it, send it again or give it up.");
        Add(list, "bad", state.FailedJobs, "job has failed for good", "jobs have failed for good", Urls.Jobs("failed"), null);
        Add(list, "bad", state.StoppedWebhooks, "webhook was switched off because it failed", "webhooks were switched off because they failed", Urls.Webhooks(status: "SWITCHED-OFF"), "Its page says why; what happens is not told to its receiver until it is switched on.");
        Add(list, "warn", state.OpenConflicts, "conflict waits for a decision", "conflicts wait for a decision", Urls.Conflicts(), "Nothing else waits for them.");
        Add(list, "warn", state.RetryingJobs, "job is being tried again", "jobs are being tried again", Urls.Jobs("retrying"), null);
        Add(list, "warn", state.WaitingForBootstrap, "row from before the capture waits to be compared", "rows from before the capture wait to be compared", Urls.TerminalList, "Open the terminal and start its bootstrap.");
        Add(list, "warn", state.NeverSynced, "terminal has never been synced", "terminals have never been synced", Urls.TerminalList, null);
        if (state is { ActiveSchedules: 0, Terminals: > 0 })
            list.Add(new("warn", "No schedule runs: nothing is synced by itself", Urls.ScheduleList, "Make one, or take up one that is paused."));
        return list;
    }

    private static void Add(List<Attention> list, string tone, long count, string one, string many, string url, string? detail)
    {
        if (count > 0)
            list.Add(new(tone, $"{count.ToString("N0", CultureInfo.InvariantCulture)} {(count == 1 ? one : many)}", url, detail));
    }

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Count(long count, string noun) => $"{count.ToString("N0", CultureInfo.InvariantCulture)} {noun}{(count == 1 ? null : "s")}";

    private static string? Sentences(string? error, string? hint) => error is null ? hint : hint is null ? error : $"{error.TrimEnd('.')}. {hint}";
}
