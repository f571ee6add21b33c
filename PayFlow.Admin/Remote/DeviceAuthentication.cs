using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using PayFlow.Admin.Api;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Http;

namespace PayFlow.Admin.Remote;

/// <summary><c>Authorization: Device KEY</c>. The key is looked up with every request, so that one that was revoked ends at once.</summary>
internal sealed class DeviceAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, DeviceDesk desk)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Prefix = HostLine.Scheme + " ";

    public static bool IsOfDevice(HttpContext context) => context.Request.Headers.Authorization is [{ } header] && header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsOfDevice(Context))
            return AuthenticateResult.NoResult();
        var key = Request.Headers.Authorization[0]![Prefix.Length..].Trim();
        return await desk.FindAsync(key, Context.RequestAborted) is { } device
            ? AuthenticateResult.Success(new AuthenticationTicket(device.ToPrincipal(), Scheme.Name))
            : AuthenticateResult.Fail("The key is not known, or was revoked.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = HostLine.Scheme;
        // Read by whoever stands before the till, and now and then by somebody who writes a client.
        return IsOfDevice(Context)
            ? ApiProblems.Of(StatusCodes.Status401Unauthorized, nameof(SyncErrorCode.NotPermitted), "This till's key was revoked, or is none of this host's.",
                "An administrator can give a new code (the terminal's page in the console, or payflow terminals code --terminal ID). At the till: payflow agent --sqlite FILE --code CODE. What it sold meanwhile is not lost.").ExecuteAsync(Context)
            : ApiProblems.Of(StatusCodes.Status401Unauthorized, nameof(SyncErrorCode.NotPermitted), "The device key is missing.", "Send it as \"Authorization: Device KEY\".").ExecuteAsync(Context);
    }
}
