using System.Globalization;

namespace PayFlow.Admin.Views;

/// <summary>Text that people type into a field of the console. The browser keeps to a field's limits; whoever sends a message by hand does not.</summary>
internal static class PlainText
{
    /// <summary>Why it cannot be kept; null when it can.</summary>
    /// <param name="text">As typed.</param>
    /// <param name="longest">Characters at most.</param>
    public static string? Fault(string? text, int longest)
    {
        if (text is null)
            return null;
        if (text.Trim().Length > longest)
            return $"This has {text.Trim().Length.ToString("N0", CultureInfo.InvariantCulture)} characters; write {longest.ToString("N0", CultureInfo.InvariantCulture)} at most.";
        return text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) ? "This holds a control character, which cannot be seen: type it anew." : null;
    }

    /// <summary>Not more of a text than a message can take.</summary>
    public static string Short(string? text) => text is null ? string.Empty : text.Length > 60 ? text[..57] + "…" : text;
}
