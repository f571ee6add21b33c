using System.Net;
using PayFlow.Admin.Webhooks.Sending;

namespace PayFlow.Admin.Webhooks;

/// <summary>What can be said about an address before anything is sent. A name says nothing: what it is the name of is looked at when it is connected to.</summary>
internal static class WebhookAddress
{
    public const int MaxLength = 2_000;

    /// <summary>
    /// Where it leads, without what may be a secret: many systems take whoever knows the path or the query for somebody they trust. Who may change a webhook sees the whole of it.
    /// </summary>
    public static string Place(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) + (uri.PathAndQuery.Length > 1 ? "/…" : string.Empty) : "…";

    /// <summary>Why it cannot be used, as a sentence with its remedy; null when it can.</summary>
    public static string? Fault(string? text, WebhookSettings settings)
    {
        if (string.IsNullOrWhiteSpace(text))
            return "Give the address that is to be asked, such as https://example.com/payflow.";
        var address = text.Trim();
        if (address.Length > MaxLength || address.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
            return $"Use up to {MaxLength:N0} characters, without spaces.";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp || uri.Host.Length == 0)
            return "This is no web address: it begins with https:// and names a host.";
        if (uri.Scheme == Uri.UriSchemeHttp && !settings.IsHttpAllowed)
            return $"Use https; {WebhookSettings.HttpVariable}=true on the hosts allows http.";
        if (uri.UserInfo.Length > 0)
            return "Leave out the name and password: the signature says who asks.";
        if (uri.Fragment.Length > 0)
            return "Leave out what begins with #: it is not sent.";
        return IPAddress.TryParse(uri.Host.Trim('[', ']'), out var literal) && !PublicAddress.IsAllowed(literal, settings.Networks)
            ? $"{literal} is not a public address; {WebhookSettings.NetworksVariable} on the hosts allows others."
            : null;
    }
}
