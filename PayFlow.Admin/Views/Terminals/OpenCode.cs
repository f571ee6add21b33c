namespace PayFlow.Admin.Views.Terminals;

/// <summary>A code that nobody has used yet. The code itself is known to whoever made it, and kept nowhere.</summary>
/// <param name="Id">Names it here; opens nothing.</param>
/// <param name="Terminal">Whom it lets in; null: a new till that names itself.</param>
/// <param name="Name">What people will call it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
public sealed record OpenCode(string Id, string? Terminal, string? Name, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset ExpiresAt);
