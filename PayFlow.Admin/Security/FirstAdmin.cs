using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Security;

/// <summary>Sees to it at start that somebody can sign in. Nothing has a default password.</summary>
internal sealed class FirstAdmin(AccountDesk accounts, OneTimeLinks links, SecuritySettings settings)
{
    private const string Actor = "first start";

    /// <summary>
    /// Makes the administrator that the environment names, or else a one-time link, and gives back the link's path. Null: there is an administrator (the environment's password changes nothing then).
    /// </summary>
    /// <exception cref="SyncException">The environment's address or password is no good.</exception>
    public async Task<string?> EnsureAsync(CancellationToken cancellationToken)
    {
        if (await accounts.HasAdminAsync(cancellationToken))
            return null;
        if (settings is { AdminEmail: { } email, AdminPassword: { } password })
        {
            try
            {
                await accounts.CreateFirstAsync(email, password, Actor, cancellationToken);
                return null;
            }
            catch (SyncException e) when (e.Code is SyncErrorCode.ValueRefused or SyncErrorCode.InvalidConfiguration)
            {
                throw new SyncException(SyncErrorCode.InvalidConfiguration, $"The first administrator cannot be made from {SecuritySettings.AdminEmailVariable} and {SecuritySettings.AdminPasswordVariable}: {e.Message}", e.Hint, e);
            }
        }
        return $"{AccountPaths.SetUp}?token={await links.CreateAsync(null, cancellationToken)}";
    }

    /// <summary>For the demo: an administrator with a password made up now. Null when there is one already.</summary>
    public async Task<(string Email, string Password)?> CreateDemoAsync(CancellationToken cancellationToken)
    {
        const string Email = "admin@demo.example";
        var password = MakePassword();
        return await accounts.CreateFirstAsync(Email, password, "demo", cancellationToken) is null ? null : (Email, password);
    }

    // Four groups of five: letters and digits that are not mistaken for each other, about 97 bits.
    private static string MakePassword() =>
        string.Join('-', Enumerable.Range(0, 4).Select(_ => System.Security.Cryptography.RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 5)));
}
