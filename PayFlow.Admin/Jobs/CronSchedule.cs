using System.Globalization;
using System.Text.RegularExpressions;
using PayFlow.Sync.Engine;
using Quartz;

namespace PayFlow.Admin.Jobs;

/// <summary>When to sync: a cron expression in UTC, in the five fields of Unix or in Quartz's six or seven.</summary>
internal sealed partial class CronSchedule
{
    private readonly CronExpression _expression;

    private CronSchedule(string text, CronExpression expression)
    {
        Text = text;
        _expression = expression;
    }

    /// <summary>As the user wrote it.</summary>
    public string Text { get; }

    /// <exception cref="SyncException">It is no cron expression, or names a time that never comes; the message names <paramref name="source"/>.</exception>
    public static CronSchedule Parse(string text, string source)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is < 5 or > 7)
            throw Malformed(text, source, $"it has {fields.Length} fields, not 5 (Unix) or 6 to 7 (Quartz)");
        var isUnix = fields.Length == 5;
        foreach (var (field, value) in (isUnix ? CronField.Unix : CronField.Quartz).Zip(fields))
            RequireRange(field, value, text, source);
        try
        {
            var expression = CronExpression.Parse(string.Join(' ', fields), isUnix ? CronFormat.Unix : CronFormat.Quartz).WithTimeZone(TimeZoneInfo.Utc);
            if (expression.GetNextValidTimeAfter(DateTimeOffset.UnixEpoch.AddYears(55)) is null)
                throw Malformed(text, source, "it names a time that never comes");
            return new CronSchedule(text, expression);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw Malformed(text, source, e.Message.ReplaceLineEndings(" ").TrimEnd('.'));
        }
    }

    /// <summary>The next time behind <paramref name="after"/>; null when there is none left.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) => _expression.GetNextValidTimeAfter(after);

    // The parser takes 99 (98 for a day) in place of every value, so the numbers are looked at before it sees them.
    private static void RequireRange(CronField field, string value, string text, string source)
    {
        foreach (var item in value.Split(','))
        {
            var (range, step) = item.Split('/') is [var only] ? (only, null) : (item[..item.IndexOf('/', StringComparison.Ordinal)], item[(item.IndexOf('/', StringComparison.Ordinal) + 1)..]);
            foreach (var number in Numbers().Matches(range.Split('#')[0]).Select(m => int.Parse(m.Value, CultureInfo.InvariantCulture)))
            {
                if (number < field.Least || number > field.Most)
                    throw Malformed(text, source, $"{number} is no {field.Name}: {field.Least} to {field.Most}");
            }
            if (step is not null && !(int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var every) && every >= 1 && every <= field.Most))
                throw Malformed(text, source, $"/{step} is no step in the {field.Name}");
        }
    }

    // L-3 counts back from the end of the month: 3 is no day there, but harmless to look at as one.
    [GeneratedRegex("[0-9]{1,9}")]
    private static partial Regex Numbers();

    private static SyncException Malformed(string text, string source, string reason) =>
        new(SyncErrorCode.InvalidConfiguration, $"{source}=\"{text.ReplaceLineEndings(" ")}\" is not a schedule: {reason}", "Write minute, hour, day, month and weekday, such as \"0 * * * *\" for every hour or \"*/15 8-20 * * 1-6\".");
}
