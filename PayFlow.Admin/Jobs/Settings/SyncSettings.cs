using System.Globalization;
using PayFlow.Admin.Jobs.Cron;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Terminals.Queue;

namespace PayFlow.Admin.Jobs.Settings;

/// <summary>The specification's settings: <c>SYNC_MODE</c>, <c>SYNC_CRON</c>, <c>SYNC_BATCH_SIZE</c>; ours for rows that are refused: <c>SYNC_RETRY_ATTEMPTS</c>, <c>SYNC_RETRY_FIRST</c>, <c>SYNC_RETRY_LONGEST</c>;
/// and for how long runs can be rolled back: <c>SYNC_JOURNAL_DAYS</c>, <c>SYNC_JOURNAL_ROWS</c>, <c>SYNC_TERMINAL_JOURNAL_DAYS</c>, <c>SYNC_TERMINAL_JOURNAL_ENTRIES</c>.</summary>
internal sealed record SyncSettings
{
    public const int MaxBatchSize = 100_000;

    private const int MaxDays = 3_650;

    private const int MaxAttempts = 1_000;

    /// <summary>Thirty days.</summary>
    private const int MaxDelay = 2_592_000;

    /// <summary>The specification's own example: every hour.</summary>
    private const string DefaultCron = "0 * * * *";

    private const string ZoneVariable = "PAYFLOW_STORE_ZONE";

    public required SyncMode Mode { get; init; }

    /// <summary>Somebody said so; without it a host has no opinion of its own.</summary>
    public bool IsModeGiven { get; init; }

    /// <summary>The schedule in mode <see cref="SyncMode.Cron"/>; null otherwise.</summary>
    public CronSchedule? Schedule { get; init; }

    public required SyncOptions Options { get; init; }

    /// <summary>What it was read from.</summary>
    public Func<string, string?> Environment { get; init; } = static _ => null;

    /// <summary>The time zone of the chain's stores (<c>PAYFLOW_STORE_ZONE</c>); UTC without it.</summary>
    public TimeZoneInfo StoreZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Reads and checks all of them. Without <c>SYNC_MODE</c> a given <c>SYNC_CRON</c> means <c>cron</c>.</summary>
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
            IsModeGiven = Value(environment, "SYNC_MODE") is not null,
            Schedule = mode == SyncMode.Cron ? schedule : null,
            Options = ReadOptions(environment),
            Environment = environment,
            StoreZone = ReadZone(environment),
        };
    }

    private static TimeZoneInfo ReadZone(Func<string, string?> environment)
    {
        if (Value(environment, ZoneVariable) is not { } name)
            return TimeZoneInfo.Utc;
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : throw Wrong(ZoneVariable, name, "is no time zone that this machine knows", $"Set it to an IANA name, such as {ZoneVariable}=Europe/Berlin, or leave it out for UTC.");
    }

    private static SyncOptions ReadOptions(Func<string, string?> environment)
    {
        var options = new SyncOptions { Retry = ReadRetry(environment), Journal = ReadJournal(environment) };
        return BatchSize(Value(environment, "SYNC_BATCH_SIZE")) is { } size ? options with { BatchSize = size } : options;
    }

    // When a row that was refused is tried again, and how often: behind the last attempt it is a dead letter.
    private static RetryDelay ReadRetry(Func<string, string?> environment)
    {
        var retry = new RetryDelay();
        retry = retry with
        {
            Attempts = Whole(environment, "SYNC_RETRY_ATTEMPTS", MaxAttempts, "a number of attempts", "10") ?? retry.Attempts,
            First = Whole(environment, "SYNC_RETRY_FIRST", MaxDelay, "a number of seconds", "30") is { } first ? TimeSpan.FromSeconds(first) : retry.First,
            Longest = Whole(environment, "SYNC_RETRY_LONGEST", MaxDelay, "a number of seconds", "21600") is { } longest ? TimeSpan.FromSeconds(longest) : retry.Longest,
        };
        if (retry.First > retry.Longest)
            throw Wrong("SYNC_RETRY_FIRST", retry.First.TotalSeconds.ToString(CultureInfo.InvariantCulture), $"is longer than SYNC_RETRY_LONGEST={retry.Longest.TotalSeconds.ToString(CultureInfo.InvariantCulture)}", "The delay doubles from the first to the longest: make the first the shorter one.");
        return retry;
    }

    private static int? Whole(Func<string, string?> environment, string name, int max, string what, string example)
    {
        if (Value(environment, name) is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max)
            return number;
        throw Wrong(name, text, $"is not a whole number from 1 to {max}", $"Set it to {what}, such as {name}={example}, or leave it out.");
    }

    private static int? BatchSize(string? text)
    {
        if (text is null)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= MaxBatchSize)
            return size;
        throw Wrong("SYNC_BATCH_SIZE", text, "is not a whole number from 1 to 100000", "Set it to a number of rows, such as SYNC_BATCH_SIZE=500, or leave it out.");
    }

    private static JournalRetention ReadJournal(Func<string, string?> environment)
    {
        var journal = new JournalRetention();
        return journal with
        {
            CentralDays = Whole(environment, "SYNC_JOURNAL_DAYS", MaxDays, "a number of days", "30") ?? journal.CentralDays,
            CentralRows = Whole(environment, "SYNC_JOURNAL_ROWS", int.MaxValue, "a number of rows", "5000000") ?? journal.CentralRows,
            TerminalDays = Whole(environment, "SYNC_TERMINAL_JOURNAL_DAYS", MaxDays, "a number of days", "7") ?? journal.TerminalDays,
            TerminalEntries = Whole(environment, "SYNC_TERMINAL_JOURNAL_ENTRIES", int.MaxValue, "a number of entries", "100000") ?? journal.TerminalEntries,
        };
    }

    private static string? Value(Func<string, string?> environment, string name) => environment(name)?.Trim() is { Length: > 0 } value ? value : null;

    private static SyncException Wrong(string name, string value, string reason, string hint) =>
        new(SyncErrorCode.InvalidConfiguration, $"{name}={value.ReplaceLineEndings(" ")} {reason}", hint);
}
