namespace PayFlow.Admin.Views;

/// <summary>The reason that somebody gives for the audit.</summary>
internal static class ReasonText
{
    public const int Longest = 1_000;

    /// <summary>As it is kept; null when nobody said anything.</summary>
    public static string? Of(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();

    /// <summary>Why it cannot be kept; null when it can.</summary>
    public static string? Fault(string? typed) => PlainText.Fault(typed, Longest);
}
