namespace PayFlow.Admin.Security;

/// <summary>A link that still works.</summary>
/// <param name="User">Whose password it sets; null: it makes the first administrator.</param>
internal sealed record OneTimeLink(Guid? User);
