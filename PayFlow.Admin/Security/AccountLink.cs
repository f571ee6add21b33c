namespace PayFlow.Admin.Security;

/// <summary>A one-time link to hand to somebody; shown once.</summary>
internal sealed record AccountLink(Guid User, string Email, string Token)
{
    /// <summary>To be put behind the console's address.</summary>
    public string Path => $"{AccountPaths.Invitation}?token={Token}";
}
