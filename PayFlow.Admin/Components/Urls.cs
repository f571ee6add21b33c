using System.Globalization;
using System.Text;
using PayFlow.Admin.Views.Conflicts;

namespace PayFlow.Admin.Components;

/// <summary>Every address of the console, made in one place: pages link to each other and to the lists behind their figures with these.</summary>
internal static class Urls
{
    public const string Overview = "/";
    public const string TerminalList = "/terminals";
    public const string AttachTerminal = "/attach";
    public const string DeviceCodes = "/devices";
    public const string TableList = "/tables";
    public const string TableMap = "/table-map";
    public const string RunList = "/runs";
    public const string QueueList = "/queue";
    public const string ConflictList = "/conflicts";
    public const string ScheduleList = "/schedules";
    public const string NewSchedule = "/schedules/new";
    public const string JobList = "/jobs";
    public const string Consistency = "/consistency";
    public const string WebhookList = "/webhooks";
    public const string NewWebhook = "/webhooks/new";
    public const string UserList = "/users";
    public const string AuditList = "/audit";
    public const string Settings = "/settings";
    public const string Account = "/account";
    public const string NotFound = "/not-found";
    public const string ApiDocs = "/api-docs";
    public const string SignInPath = "/account/sign-in";
    public const string SignOutPath = "/account/sign-out";

    /// <param name="returnTo">Where to go afterwards, relative to the site; null for the overview.</param>
    public static string SignIn(string? returnTo = null) => With(SignInPath, ("returnUrl", string.IsNullOrEmpty(returnTo) ? null : "/" + returnTo.TrimStart('/')));

    /// <summary>A page of a list; the first one is not named.</summary>
    public static string Page(string list, int number) => With(list, ("page", number > 1 ? number.ToString(CultureInfo.InvariantCulture) : null));

    public static string Terminals(string? text = null, string? status = null) => With(TerminalList, ("text", text), ("status", status));

    /// <summary>A code for one terminal.</summary>
    public static string DeviceCode(string terminal) => With(DeviceCodes, ("terminal", terminal));

    public static string Terminal(string id) => $"{TerminalList}/{Uri.EscapeDataString(id)}";

    public static string Tables(string? text = null, string? direction = null) => With(TableList, ("text", text), ("direction", direction));

    /// <summary>The map's editor, opened at a table.</summary>
    public static string TableMapOf(string? table = null) => With(TableMap, ("table", table));

    public static string Table(string name) => $"{TableList}/{Uri.EscapeDataString(name)}";

    public static string Run(Guid id) => $"{RunList}/{id}";

    public static string Runs(string? terminal = null, string? status = null, string? trigger = null, string? table = null, DateTimeOffset? since = null, DateTimeOffset? until = null, bool idle = false) =>
        With(RunList, ("terminal", terminal), ("status", status), ("trigger", trigger), ("table", table), ("since", Instant(since)), ("until", Instant(until)), ("idle", idle ? "true" : null));

    public static string Queue(string? terminal = null, string? status = null, string? table = null, string? key = null) =>
        With(QueueList, ("terminal", terminal), ("status", status), ("table", table), ("key", key));

    public static string QueueEntry(string terminal, string table, string key) => With($"{QueueList}/{Uri.EscapeDataString(terminal)}/{Uri.EscapeDataString(table)}", ("key", key));

    public static string Conflict(long id) => string.Create(CultureInfo.InvariantCulture, $"{ConflictList}/{id}");

    public static string Conflicts(string? terminal = null, string? table = null, string? kind = null, string? state = null) =>
        With(ConflictList, ("terminal", terminal), ("table", table), ("kind", kind), ("state", state));

    /// <summary>A list of conflicts.</summary>
    public static string Conflicts(ConflictQuery query) => Within(ConflictList, query);

    /// <summary>A conflict that knows the list that it was opened from.</summary>
    public static string Conflict(long id, ConflictQuery query) => Within(Conflict(id), query);

    /// <summary>The preview of taking a run back.</summary>
    public static string Rollback(Guid run) => $"{Consistency}/rollback/{run}";

    public static string Job(long id) => string.Create(CultureInfo.InvariantCulture, $"{JobList}/{id}");

    public static string Jobs(string? tab = null, string? terminal = null, string? schedule = null, string? kind = null, string? text = null, string? group = null, DateTimeOffset? since = null, DateTimeOffset? until = null) =>
        With(JobList, ("tab", tab), ("terminal", terminal), ("schedule", schedule), ("kind", kind), ("text", text), ("group", group), ("since", Instant(since)), ("until", Instant(until)));

    public static string Schedule(Guid id) => $"{ScheduleList}/{id}";

    public static string ConsistencyOf(string? terminal = null, string? table = null, string? kind = null) => With(Consistency, ("terminal", terminal), ("table", table), ("kind", kind));

    /// <summary>The report of a verify, a repair or a rollback.</summary>
    public static string ConsistencyReport(long job) => string.Create(CultureInfo.InvariantCulture, $"{Consistency}/{job}");

    public static string Audit(
        string? actor = null, string? action = null, string? terminal = null, string? table = null, string? key = null, Guid? run = null, DateTimeOffset? since = null, DateTimeOffset? until = null) =>
        With(AuditList, ("actor", actor), ("action", action), ("terminal", terminal), ("table", table), ("key", key), ("run", run?.ToString()), ("since", Instant(since)), ("until", Instant(until)));

    public static string Webhooks(string? text = null, string? status = null, string? eventType = null) => With(WebhookList, ("text", text), ("status", status), ("event", eventType));

    /// <summary>A webhook with the deliveries that a filter finds.</summary>
    public static string Webhook(
        Guid id, string? state = null, string? type = null, string? terminal = null, string? table = null, string? eventId = null, DateTimeOffset? since = null, DateTimeOffset? until = null) =>
        With($"{WebhookList}/{id}", ("state", state), ("type", type), ("terminal", terminal), ("table", table), ("event", eventId), ("since", Instant(since)), ("until", Instant(until)));

    public static string EditWebhook(Guid id) => $"{WebhookList}/{id}/edit";

    public static string Delivery(Guid webhook, long id) => string.Create(CultureInfo.InvariantCulture, $"{WebhookList}/{webhook}/deliveries/{id}");

    public static string User(Guid id) => $"{UserList}/{id}";

    public static string Users(string? text = null, string? role = null) => With(UserList, ("text", text), ("role", role));

    /// <summary>A list as a file of comma-separated values, with the filter of the page at an address.</summary>
    /// <param name="list"><c>runs</c>, <c>conflicts</c>, <c>queue</c> or <c>audit</c>.</param>
    /// <param name="page">The page's address, with its query.</param>
    public static string Export(string list, string page) => $"/export/{list}{(page.IndexOf('?', StringComparison.Ordinal) is var at and >= 0 ? page[at..].Split('#')[0] : string.Empty)}";

    /// <summary>An address with more query values; those that are null or empty are left out.</summary>
    public static string With(string path, params ReadOnlySpan<(string Name, string? Value)> query)
    {
        var url = new StringBuilder(path);
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        foreach (var (name, value) in query)
        {
            if (string.IsNullOrEmpty(value))
                continue;
            url.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }
        return url.ToString();
    }

    private static string Within(string path, ConflictQuery query) => With(path,
        ("terminal", query.Terminal), ("table", query.Table), ("kind", query.Kind), ("state", query.State), ("key", query.Key), ("since", Instant(query.Since)), ("order", query.Order));

    private static string? Instant(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
