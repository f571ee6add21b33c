using System.Security.Claims;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Security;

/// <summary>Who works here, and what they may. Asked anew each time, so that a page that is open while a role is taken away notices it.</summary>
/// <param name="principal">Who is signed in at the moment.</param>
internal sealed class ConsoleUser(Func<ClaimsPrincipal> principal)
{
    /// <summary>Why an operator's control is disabled for a viewer.</summary>
    public const string OperateReason = "This needs the role Operator or Admin.";

    /// <summary>Why an administrator's control is disabled for others.</summary>
    public const string AdministerReason = "This needs the role Admin.";

    /// <summary>The name for the audit; empty for somebody who is not signed in.</summary>
    public string Name => principal().Identity?.Name ?? string.Empty;

    /// <summary>The role; null for somebody who is not signed in.</summary>
    public string? Role => Roles.All.LastOrDefault(principal().IsInRole);

    public bool CanView => Has(Roles.Viewer);

    public bool CanOperate => Has(Roles.Operator);

    public bool CanAdminister => Has(Roles.Admin);

    /// <summary>A user that stays who they are: an API call's, or a test's.</summary>
    public static ConsoleUser Of(ClaimsPrincipal principal) => new(() => principal);

    /// <exception cref="SyncException"><see cref="SyncErrorCode.NotPermitted"/></exception>
    public void RequireView() => Require(CanView, "This needs a sign-in.");

    /// <exception cref="SyncException"><see cref="SyncErrorCode.NotPermitted"/></exception>
    public void RequireOperate() => Require(CanOperate, OperateReason);

    /// <exception cref="SyncException"><see cref="SyncErrorCode.NotPermitted"/></exception>
    public void RequireAdminister() => Require(CanAdminister, AdministerReason);

    private bool Has(string least) => Roles.From(least).Any(principal().IsInRole);

    private void Require(bool isMet, string reason)
    {
        if (!isMet)
            throw new SyncException(SyncErrorCode.NotPermitted, Name.Length == 0 ? "Nobody is signed in any more" : $"{Name} may not do this: {reason}", Name.Length == 0 ? "Sign in again." : "Ask an administrator for the role; Users shows who they are.");
    }
}
