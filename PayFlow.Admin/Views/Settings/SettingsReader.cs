using Npgsql;
using PayFlow.Admin.Hosting;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Schedules;
using PayFlow.Admin.Jobs.Settings;
using PayFlow.Admin.Security;
using PayFlow.Admin.Webhooks;

namespace PayFlow.Admin.Views.Settings;

/// <summary>All settings with value, default and source. Most come from the environment, so that all of a host is set in one place; what can change while it runs is changed in the console, where the environment does not set it.</summary>
/// <param name="environment">This host's.</param>
/// <param name="urls">Where it was told to listen.</param>
/// <param name="addresses">Where it listens indeed, as soon as it does.</param>
/// <param name="settings">What it made of the environment.</param>
/// <param name="schedules">The schedules as central has them.</param>
/// <param name="console">What was changed in the console.</param>
internal sealed class SettingsReader(Func<string, string?> environment, string[] urls, Func<IEnumerable<string>> addresses, SyncSettings settings, ScheduleDesk schedules, StoredSettings console)
{
    private const string UrlsVariable = "ASPNETCORE_URLS";
    private const string CronVariable = "SYNC_CRON";

    private const string Sync = "Sync";
    private const string Journal = "Rollback";
    private const string SignIn = "Sign-in and API";
    private const string Host = "Host";
    private const string Told = "Webhooks";

    private static readonly (string Group, string Name, string Meaning, string Default, bool IsSecret)[] Known =
    [
        (Host, "ConnectionStrings__Central", "The central database", "a private PostgreSQL in the data folder", true),
        (Host, "DATABASE_URL", "The same as an address, when the one above is not set", "not set", true),
        (Host, UrlsVariable, "Where the console listens (an option of the command line comes first)", AdminHost.DefaultUrls, false),
        (Host, "PAYFLOW_STORE_ZONE", "The time zone of the stores", "UTC", false),
        (Host, "PAYFLOW_LOG", "Form of the log: json or text", "text on a terminal, otherwise json", false),
        (Host, "OTEL_EXPORTER_OTLP_ENDPOINT", "Where metrics and traces are sent", "nowhere", false),
        (Host, SecuritySettings.MetricsOpenVariable, "/metrics is open to everybody who reaches the port", "false", false),
        (Host, SecuritySettings.ProxiesVariable, "Proxies whose X-Forwarded headers are believed", "none", false),
        (Sync, "SQLITE_PATH_LOCAL", "A till's file, for the command line", "not set", false),
        (Sync, "SYNC_MODE", "cron or manual: makes the default schedule", "manual, or cron when SYNC_CRON is set", false),
        (Sync, CronVariable, "When the default schedule is due", "0 * * * *", false),
        (Sync, "SYNC_BATCH_SIZE", "Rows of a batch", "the engine's", false),
        (Sync, "SYNC_RETRY_ATTEMPTS", "Attempts before a refused row is a dead letter", "10", false),
        (Sync, "SYNC_RETRY_FIRST", "Seconds to the second attempt", "30", false),
        (Sync, "SYNC_RETRY_LONGEST", "The longest pause between attempts, in seconds", "21600", false),
        (Journal, "SYNC_JOURNAL_DAYS", "Days for which a run can be rolled back in central", "30", false),
        (Journal, "SYNC_JOURNAL_ROWS", "Rows that central keeps for it", "5000000", false),
        (Journal, "SYNC_TERMINAL_JOURNAL_DAYS", "The same in a terminal", "7", false),
        (Journal, "SYNC_TERMINAL_JOURNAL_ENTRIES", "The same in a terminal", "100000", false),
        (Told, WebhookSettings.NetworksVariable, "Networks that webhooks may reach although they are not public", "none", false),
        (Told, WebhookSettings.HttpVariable, "Webhooks may go to http addresses, unencrypted", "false", false),
        (Told, WebhookSettings.QueueLimitVariable, "Open rows of a terminal beyond which webhooks are told of its queue", "1000", false),
        (Told, WebhookSettings.SilentVariable, "Minutes after which a terminal without a schedule counts as silent", "1440", false),
        (Told, WebhookSettings.DaysVariable, "Days for which deliveries are kept", "30", false),
        (SignIn, SecuritySettings.AdminEmailVariable, "The first administrator; counts only while there is none", "not set", false),
        (SignIn, SecuritySettings.AdminPasswordVariable, "Their password; counts only then", "not set", true),
        (SignIn, SecuritySettings.SessionCheckVariable, "Seconds after which a taken-away role ends a session", "30", false),
        (SignIn, SecuritySettings.TokenKeyVariable, "Signs the API's tokens", "made once and kept, encrypted, in central", true),
        (SignIn, SecuritySettings.AuthorityVariable, "An OpenID Connect authority instead of the API's own tokens", "none", false),
        (SignIn, SecuritySettings.AudienceVariable, "For whom its tokens must be", "none", false),
        (SignIn, SecuritySettings.RateVariable, "Calls of the API a minute, by user or address", "300", false),
        (SignIn, SecuritySettings.DeviceRateVariable, "Requests of a remote till a minute", "1200", false),
        (SignIn, SecuritySettings.UploadLimitVariable, "Megabytes of a batch from a remote till, 1 to 96", "96", false),
        (SignIn, SecuritySettings.TokenRateVariable, "Attempts to sign in a minute, by address", "20", false),
    ];

    public async Task<IReadOnlyList<SettingRow>> ReadAsync(CancellationToken cancellationToken)
    {
        var note = await NoteAsync(cancellationToken);
        var stored = await StoredAsync(cancellationToken);
        return [.. Known.Select(k => k.Name switch
        {
            UrlsVariable => Addresses(Row(k)),
            CronVariable => Row(k) with { Note = note },
            SecuritySettings.TokenKeyVariable => Row(k) with { Change = Row(k).Source == "environment" ? SettingChange.Overruled : SettingChange.Replace },
            _ when StoredSettings.Writable.Contains(k.Name) => Stored(Row(k), stored),
            _ => Row(k),
        })];
    }

    private SettingRow Stored(SettingRow row, IReadOnlyDictionary<string, StoredSetting>? all)
    {
        if (all is null)
            return row with { Note = "Central does not answer, so it is not known whether the console has changed it." };
        var stored = all.GetValueOrDefault(row.Name);
        if (console.IsOfEnvironment(row.Name))
            return row with { Change = SettingChange.Overruled, Note = stored is null ? null : $"The console says {stored.Value}, by {stored.By}: the environment wins." };
        if (stored is not null && console.TroubleOf(all) is { } trouble)
            return row with { Change = SettingChange.Yes, Note = $"The console says {stored.Value}, by {stored.By}, which does not count on this host: {trouble}." };
        return stored is null
            ? row with { Change = SettingChange.Yes }
            : row with { Change = SettingChange.Yes, Value = stored.Value, Source = $"console, by {stored.By}" };
    }

    private async Task<IReadOnlyDictionary<string, StoredSetting>?> StoredAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await console.ReadAsync(cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            // Every row that it concerns says so.
            return null;
        }
    }

    private SettingRow Row((string Group, string Name, string Meaning, string Default, bool IsSecret) known)
    {
        var value = environment(known.Name)?.Trim();
        var isSet = !string.IsNullOrEmpty(value);
        return new SettingRow(known.Group, known.Name, known.Meaning, isSet ? known.IsSecret ? "set (not shown)" : value! : known.Default, known.Default, isSet ? "environment" : "default", known.IsSecret);
    }

    // Any free port is one when it listens.
    private SettingRow Addresses(SettingRow row)
    {
        var told = string.Join(';', urls);
        var actual = string.Join(';', addresses());
        return row with { Value = actual.Length > 0 ? actual : told, Source = told == row.Value ? row.Source : "command line" };
    }

    private async Task<string?> NoteAsync(CancellationToken cancellationToken)
    {
        try
        {
            var stored = (await schedules.ListAsync(cancellationToken)).FirstOrDefault(s => string.Equals(s.Name, DefaultSchedule.Name, StringComparison.OrdinalIgnoreCase));
            return DefaultScheduleNote.Of(settings, stored);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return $"Central does not answer, so it is not known what the schedule \"{DefaultSchedule.Name}\" is.";
        }
    }
}
