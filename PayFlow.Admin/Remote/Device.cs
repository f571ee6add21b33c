using System.Security.Claims;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;

namespace PayFlow.Admin.Remote;

/// <summary>A till elsewhere that has shown its key. It is one terminal and can never speak for another.</summary>
internal sealed record Device(Guid Id, string Terminal)
{
    public const string TerminalClaim = "payflow:terminal";

    private const string IdClaim = "payflow:device";

    public ClaimsPrincipal ToPrincipal()
    {
        // Without a role: whatever asks for one is closed to it.
        var identity = new ClaimsIdentity(HostLine.Scheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.Name, $"till {Terminal}"));
        identity.AddClaim(new Claim(IdClaim, Id.ToString()));
        identity.AddClaim(new Claim(TerminalClaim, Terminal));
        return new ClaimsPrincipal(identity);
    }

    public static Device Of(ClaimsPrincipal user) => new(Guid.Parse(user.FindFirstValue(IdClaim)!), user.FindFirstValue(TerminalClaim)!);

    /// <exception cref="SyncException">The request is in another terminal's name.</exception>
    public void RequireOwn(string terminal)
    {
        if (terminal != Terminal)
            throw new SyncException(SyncErrorCode.NotPermitted, $"This device is terminal {Terminal} and may not speak for {terminal}", "Each till has a key of its own: register the other one with a code of its own.") { Terminal = Terminal };
    }
}
