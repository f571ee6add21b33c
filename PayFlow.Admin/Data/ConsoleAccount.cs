using Microsoft.AspNetCore.Identity;

namespace PayFlow.Admin.Data;

/// <summary>Somebody who may sign in. The user name is the e-mail address.</summary>
internal sealed class ConsoleAccount : IdentityUser<Guid>
{
    /// <summary>May not sign in any more; kept because the audit names them.</summary>
    public bool IsDisabled { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null when they never did.</summary>
    public DateTimeOffset? LastSignInAt { get; set; }
}
