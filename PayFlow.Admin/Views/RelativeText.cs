using System.Globalization;

namespace PayFlow.Admin.Views;

/// <summary>Instants and spans as people say them.</summary>
internal static class RelativeText
{
    /// <summary>"just now", "5 min ago", "in 2 h", "3 days ago".</summary>
    public static string Of(DateTimeOffset at, DateTimeOffset now)
    {
        var span = now - at;
        var length = span.Duration();
        if (length < TimeSpan.FromSeconds(10))
            return span < TimeSpan.Zero ? "in a moment" : "just now";
        var text = length switch
        {
            { TotalSeconds: < 60 } => $"{(int)length.TotalSeconds} s",
            { TotalMinutes: < 60 } => $"{(int)length.TotalMinutes} min",
            { TotalHours: < 36 } => $"{(int)Math.Round(length.TotalHours)} h",
            _ => Math.Round(length.TotalDays) is var days && days <= 1 ? "1 day" : $"{days:0} days",
        };
        return span < TimeSpan.Zero ? $"in {text}" : $"{text} ago";
    }

    /// <summary>"850 ms", "4.2 s", "3 min 12 s", "2 h 5 min".</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalMilliseconds: < 1000 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms"),
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s"),
        { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} min {span.Seconds} s",
        _ => $"{(int)span.TotalHours} h {span.Minutes} min",
    };
}
