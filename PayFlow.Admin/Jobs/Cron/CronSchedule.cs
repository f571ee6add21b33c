using System.Globalization;
using System.Text.RegularExpressions;
using PayFlow.Sync.Engine;
using Quartz;

namespace PayFlow.Admin.Jobs.Cron;

/// <summary>When to sync: a cron expression in a time zone, in the five fields of Unix or in Quartz's six or seven.</summary>
internal sealed partial class CronSchedule
{
    private CronSchedule(string text, IReadOnlyList<string> fields, CronExpression expression)
    {
        Text = text;
        Fields = fields;
        Expression = expression;
    }

    /// <summary>As the user wrote it.</summary>
    public string Text { get; }

    /// <summary>Its fields, in the order of <see cref="CronField.Unix"/> or <see cref="CronField.Quartz"/>.</summary>
    public IReadOnlyList<string> Fields { get; }

    public bool IsUnix => Fields.Count == CronField.Unix.Count;

    /// <summary>The zone whose clock the fields mean.</summary>
    public TimeZoneInfo Zone => Expression.TimeZone;

    internal CronExpression Expression { get; }

    /// <summary>In UTC.</summary>
    /// <exception cref="SyncException">It is no cron expression, or names a time that never comes; the message names <paramref name="source"/>.</exception>
    public static CronSchedule Parse(string text, string source)
    {
        try
        {
            return Read(text, TimeZoneInfo.Utc);
        }
        catch (FormatException e)
        {
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"{source}=\"{text.ReplaceLineEndings(" ")}\" is not a schedule: {e.Message}", "Write minute, hour, day, month and weekday, such as \"0 * * * *\" for every hour or \"*/15 8-20 * * 1-6\".");
        }
    }

    /// <summary>In the zone of that name; <paramref name="source"/> is whose schedule it is.</summary>
    /// <exception cref="SyncException">There is no such zone on this machine, or it is no schedule.</exception>
    public static CronSchedule Parse(string text, string zone, string source)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
            throw new SyncException(SyncErrorCode.InvalidConfiguration, $"Schedule {source}: this host knows no time zone {zone}", "Install the time zone data (tzdata), or choose another zone.");
        return Parse(text, source).In(found);
    }

    /// <summary>The same in a zone.</summary>
    /// <exception cref="FormatException">It is no cron expression, or names a time that never comes; the message is the reason alone.</exception>
    public static CronSchedule Read(string text, TimeZoneInfo zone)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is < 5 or > 7)
            throw new FormatException(fields.Length == 0 ? "it is empty" : $"it has {fields.Length} field{(fields.Length == 1 ? string.Empty : "s")}, not 5 (Unix) or 6 to 7 (Quartz)");
        var isUnix = fields.Length == CronField.Unix.Count;
        foreach (var (field, value) in (isUnix ? CronField.Unix : CronField.Quartz).Zip(fields))
        {
            RequireRange(field, value);
            RequireTerms(field, value);
        }
        CronExpression expression;
        DateTimeOffset? first;
        try
        {
            expression = CronExpression.Parse(string.Join(' ', fields), isUnix ? CronFormat.Unix : CronFormat.Quartz).WithTimeZone(zone);
            // Some of what the parser takes fails only here, with a set of days that is empty: 1-+1.
            first = expression.GetNextValidTimeAfter(DateTimeOffset.UnixEpoch.AddYears(55));
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new FormatException(e is ArgumentOutOfRangeException ? "one of its fields names nothing" : e.Message.ReplaceLineEndings(" ").TrimEnd('.'), e);
        }
        if (first is null)
            throw new FormatException("it names a time that never comes");
        return new CronSchedule(text.Trim(), fields, expression);
    }

    /// <summary>The next time behind <paramref name="after"/>; null when there is none left.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) => Expression.GetNextValidTimeAfter(after);

    /// <summary>The next times, in the schedule's zone.</summary>
    public IReadOnlyList<DateTimeOffset> Upcoming(DateTimeOffset after, int count)
    {
        var times = new List<DateTimeOffset>();
        for (var next = Next(after); next is { } time && times.Count < count; next = Next(time))
            times.Add(TimeZoneInfo.ConvertTime(time, Zone));
        return times;
    }

    private CronSchedule In(TimeZoneInfo zone) => new(Text, Fields, Expression.WithTimeZone(zone));

    // The parser takes 99 (98 for a day) in place of every value, so the numbers are looked at before it sees them.
    private static void RequireRange(CronField field, string value)
    {
        foreach (var item in value.Split(','))
        {
            var (range, step) = item.Split('/') is [var only] ? (only, null) : (item[..item.IndexOf('/', StringComparison.Ordinal)], item[(item.IndexOf('/', StringComparison.Ordinal) + 1)..]);
            foreach (var number in Numbers().Matches(range.Split('#')[0]).Select(m => int.Parse(m.Value, CultureInfo.InvariantCulture)))
            {
                if (number < field.Least || number > field.Most)
                    throw new FormatException($"{number} is no {field.Name}: {field.Least} to {field.Most}");
            }
            if (step is not null && !(int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var every) && every >= 1 && every <= field.Most))
                throw new FormatException($"/{step} is no step in the {field.Name}");
        }
    }

    // The parser passes over what it does not know, such as the nothing in "1,,2" or the "w" in "FEBw": nobody could be told what such a schedule means.
    private static void RequireTerms(CronField field, string value)
    {
        if (value.Split(',').Contains(string.Empty))
            throw new FormatException($"{value} leaves out a {field.Name} at a comma");
        if (!field.HasSpecials && CronTerm.Read(value, field.Names) is null)
            throw new FormatException($"{value} is no {field.Name}");
    }

    // L-3 counts back from the end of the month: 3 is no day there, but harmless to look at as one.
    [GeneratedRegex("[0-9]{1,9}")]
    private static partial Regex Numbers();
}
