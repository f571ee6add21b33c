using System.Globalization;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Jobs;

/// <summary>The specification's settings: <c>SYNC_MODE</c>, <c>SYNC_CRON</c>, <c>SYNC_BATCH_SIZE</c>; and how long runs can be rolled back: <c>SYNC_JOURNAL_DAYS</c>, <c>SYNC_JOURNAL_ROWS</c>, <c>SYNC_TERMINAL_JOURNAL_DAYS</c>, <c>SYNC_TERMINAL_JOURNAL_ENTRIES</c>.</summary>
internal sealed record SyncSettings
{
    public const int MaxBatchSize = 100_000;

    private const int MaxDays = 3_650;

    /// <summary>The specification's own example: every hour.</summary>
    private const string DefaultCron = "0 * * * *";

    public required SyncMode Mode { get; init; }

    /// <summary>The schedule in mode <see cref="SyncMode.Cron"/>; null otherwise.</summary>
    public CronSchedule? Schedule { get; init; }

    public required SyncOptions Options { get; init; }

    /// <summary>Reads and checks all three. Without <c>SYNC_MODE</c> a given <c>SYNC_CRON</c> means <c>cron</c>.</summary>
    /// <exception cref="SyncException">One of them is malformed.</exception>
    public static SyncSettings Read(Func<string, string?> environment)
    {
        var cron = Value(environment, "SYNC_CRON");
        var mode = Value(environment, "SYNC_MODE")?.ToLowerInvariant() switch
        {
            null => cron is null ? SyncMode.Manual : SyncMode.Cron,
            "cron" => SyncMode.Cron,
            "manual" => SyncMode.Manual,
            var other => throw Wrong("SYNC_MODE", other, "is neither cron nor manual", "Set SYNC_MODE=cron to sync by SYNC_CRON, or SYNC_MODE=manual."),
        };
        var schedule = cron is null && mode == SyncMode.Manual ? null : CronSchedule.Parse(cron ?? DefaultCron, "SYNC_CRON");
        return new SyncSettings
        {
            Mode = mode,
            Schedule = mode == SyncMode.Cron ? schedule : null,
            Options = (BatchSize(Value(environment, "SYNC_BATCH_SIZE")) is { } size ? new SyncOptions { BatchSize = size } : new SyncOptions()) with { Journal = Journal(environment) },
        };
    }

    private static int? BatchSize(string? text)
    {
        if (text is null)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= MaxBatchSize)
            return size;
        throw Wrong("SYNC_BATCH_SIZE", text, "is not a whole number from 1 to 100000", "Set it to a number of rows, such as SYNC_BATCH_SIZE=500, or leave it out.");
    }

    private static JournalRetention Journal(Func<string, string?> environment)
    {
        var defaults = new JournalRetention();
        return new JournalRetention
        {
            CentralDays = (int)Number(environment, "SYNC_JOURNAL_DAYS", MaxDays, defaults.CentralDays),
            CentralRows = Number(environment, "SYNC_JOURNAL_ROWS", long.MaxValue, defaults.CentralRows),
            TerminalDays = (int)Number(environment, "SYNC_TERMINAL_JOURNAL_DAYS", MaxDays, defaults.TerminalDays),
            TerminalEntries = Number(environment, "SYNC_TERMINAL_JOURNAL_ENTRIES", long.MaxValue, defaults.TerminalEntries),
        };
    }

    private static long Number(Func<string, string?> environment, string name, long most, long fallback)
    {
        if (Value(environment, name) is not { } text)
            return fallback;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most)
            return number;
        throw Wrong(name, text, $"is not a whole number{(most == long.MaxValue ? string.Empty : $" from 0 to {most}")}", $"Set it to a number, such as {name}={fallback}, or leave it out.");
    }

    private static string? Value(Func<string, string?> environment, string name) => environment(name)?.Trim() is { Length: > 0 } value ? value : null;

    private static SyncException Wrong(string name, string value, string reason, string hint) =>
        new(SyncErrorCode.InvalidConfiguration, $"{name}={value.ReplaceLineEndings(" ")} {reason}", hint);
}
