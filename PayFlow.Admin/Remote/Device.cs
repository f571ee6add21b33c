using System.Security.Claims;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;

namespace PayFlow.Admin.Remote;

/// <summary>A till elsewhere that has shown its key. It is one terminal and can never speak for another.</summary>
/// <param name="Id">The device's own.</param>
/// <param name="Terminal">Which it is.</param>
/// <param name="MayResolve">Conflicts of its own rows may be decided there.</param>
internal sealed record Device(Guid Id, string Terminal, bool MayResolve = false)
{
    public const string TerminalClaim = "payflow:terminal";

    private const string IdClaim = "payflow:device";

    private const string ResolveClaim = "payflow:may-resolve";

    public ClaimsPrincipal ToPrincipal()
    {
        // Without a role: whatever asks for one is closed to it.
        var identity = new ClaimsIdentity(HostLine.Scheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.Name, $"till {Terminal}"));
        identity.AddClaim(new Claim(IdClaim, Id.ToString()));
        identity.AddClaim(new Claim(TerminalClaim, Terminal));
        if (MayResolve)
            identity.AddClaim(new Claim(ResolveClaim, bool.TrueString));
        return new ClaimsPrincipal(identity);
    }

    public static Device Of(ClaimsPrincipal user) => new(Guid.Parse(user.FindFirstValue(IdClaim)!), user.FindFirstValue(TerminalClaim)!, user.HasClaim(c => c.Type == ResolveClaim));

    /// <summary>The device that asks; null when it is a user.</summary>
    public static Device? Find(ClaimsPrincipal user) => user.HasClaim(c => c.Type == TerminalClaim) ? Of(user) : null;

    /// <exception cref="SyncException">The request is in another terminal's name.</exception>
    public void RequireOwn(string terminal)
    {
        if (terminal != Terminal)
            throw new SyncException(SyncErrorCode.NotPermitted, $"This device is terminal {Terminal} and may not speak for {terminal}", "Each till has a key of its own: register the other one with a code of its own.") { Terminal = Terminal };
    }
}
