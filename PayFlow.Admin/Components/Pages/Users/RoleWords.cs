using PayFlow.Admin.Security;

namespace PayFlow.Admin.Components.Pages.Users;

/// <summary>What a role may do, in words.</summary>
internal static class RoleWords
{
    public static string Of(string role) => role switch
    {
        Roles.Viewer => "sees everything, changes nothing",
        Roles.Operator => "also syncs, decides, mends, verifies, repairs and rolls back, runs and pauses schedules, handles jobs",
        Roles.Admin => "also changes schedules, terminals, the table map and users",
        _ => string.Empty,
    };
}
