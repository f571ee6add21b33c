using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Components.Account;

/// <summary>A new password, typed twice.</summary>
internal class PasswordForm
{
    public string Password { get; set; } = string.Empty;

    public string Repeated { get; set; } = string.Empty;

    /// <exception cref="SyncException">The two differ.</exception>
    public void RequireSame()
    {
        if (!string.Equals(Password, Repeated, StringComparison.Ordinal))
            throw new SyncException(SyncErrorCode.ValueRefused, "The two passwords differ", "Type the same one twice.");
    }

    /// <summary>Nothing secret goes back into the page's source.</summary>
    public virtual void Clear() => (Password, Repeated) = (string.Empty, string.Empty);
}
