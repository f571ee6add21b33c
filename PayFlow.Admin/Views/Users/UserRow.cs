namespace PayFlow.Admin.Views.Users;

/// <summary>Somebody who may sign in, as the list shows them.</summary>
internal sealed record UserRow(Guid Id, string Email, string Role, bool IsDisabled, bool HasPassword, bool HasTwoFactor, DateTimeOffset? LockedUntil, DateTimeOffset CreatedAt, DateTimeOffset? LastSignInAt)
{
    /// <summary>A status for its badge.</summary>
    public string Status(DateTimeOffset now) => IsDisabled ? "DISABLED" : LockedUntil > now ? "LOCKED" : HasPassword ? "ACTIVE" : "INVITED";
}
