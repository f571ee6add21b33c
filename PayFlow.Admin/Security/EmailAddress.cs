using System.Net.Mail;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Security;

/// <summary>The e-mail address by which somebody signs in.</summary>
internal static class EmailAddress
{
    public const int MaxLength = 200;

    /// <exception cref="SyncException">It is none.</exception>
    public static string Parse(string? text)
    {
        var trimmed = text?.Trim() ?? string.Empty;
        return IsValid(trimmed) ? trimmed : throw new SyncException(SyncErrorCode.InvalidConfiguration, $"'{Short(trimmed)}' is no e-mail address", "Write it as name@example.com, without a display name.");
    }

    public static bool IsValid(string text) =>
        text.Length is > 2 and <= MaxLength && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or '"' or ',' or ';')
        && MailAddress.TryCreate(text, out var address) && address.Address == text && address.Host.Length > 0;

    private static string Short(string text) => (text.Length > 60 ? text[..57] + "…" : text).ReplaceLineEndings(" ");
}
