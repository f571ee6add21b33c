using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Webhooks;

/// <summary>Secrets as central keeps them: encrypted with the keys that all hosts share.</summary>
internal sealed class WebhookSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("PayFlow.Webhooks");

    public string Protect(string secret) => Convert.ToBase64String(_protector.Protect(Encoding.UTF8.GetBytes(secret)));

    /// <exception cref="SyncException">The key that it was encrypted with is gone, or somebody wrote into the table.</exception>
    public string Unprotect(string stored)
    {
        try
        {
            return Encoding.UTF8.GetString(_protector.Unprotect(Convert.FromBase64String(stored)));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            throw new SyncException(SyncErrorCode.InvalidConfiguration, "The webhook's secret cannot be read: the key that it was encrypted with is not in central any more", "Make a new secret on the webhook's page and give it to the receiver.", e);
        }
    }
}
