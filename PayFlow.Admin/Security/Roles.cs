namespace PayFlow.Admin.Security;

/// <summary>The three roles. Each may do all that the one before it may; everybody has exactly one.</summary>
internal static class Roles
{
    /// <summary>Sees everything, changes nothing.</summary>
    public const string Viewer = "Viewer";

    /// <summary>Also syncs, resolves, repairs and handles jobs.</summary>
    public const string Operator = "Operator";

    /// <summary>Also changes schedules, the table map, settings and users.</summary>
    public const string Admin = "Admin";

    /// <summary>From the least to the most.</summary>
    public static IReadOnlyList<string> All { get; } = [Viewer, Operator, Admin];

    /// <summary>A role and those above it.</summary>
    public static IEnumerable<string> From(string least) => All.SkipWhile(r => r != least);
}
