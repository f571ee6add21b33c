using System.Net;
using System.Security.Authentication;
using System.Text.Json;
using PayFlow.Sync.Engine.Http.Messages;

namespace PayFlow.Sync.Engine.Http;

/// <summary>The one place that turns what the line and the host say into what a user can read.</summary>
internal static class HttpFailure
{
    internal const string Itself = "What waits is kept in the till; an agent that runs tries again by itself.";

    /// <summary>The line failed: nothing, or not all of it, came back.</summary>
    public static SyncException OfLine(Exception e, Uri host) => e switch
    {
        OperationCanceledException or TimeoutException => Unreachable($"The PayFlow host {Place(host)} did not answer in time", e),
        JsonException => new SyncException(SyncErrorCode.Protocol, $"An answer of {Place(host)} is not understood: {e.Message.ReplaceLineEndings(" ")}", "It is asked again by itself. If it stays, look for a proxy that changes answers, and update this program.", e) { IsTransient = true },
        HttpRequestException { InnerException: AuthenticationException or IOException, HttpRequestError: HttpRequestError.SecureConnectionError } => Unreachable(
            $"The PayFlow host {Place(host)} cannot be reached: no secure connection comes about ({(e.InnerException ?? e).Message.ReplaceLineEndings(" ")})", e,
            $"If the host speaks http there, without a certificate, write http: --url {Other(host, Uri.UriSchemeHttp)}. Otherwise this machine has to trust the host's certificate."),
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse } when host.Scheme == Uri.UriSchemeHttp => Unreachable(
            $"The PayFlow host {Place(host)} gave no answer that is one of HTTP: {(e.InnerException ?? e).Message.ReplaceLineEndings(" ")}", e, $"{Itself} If it never works and the host speaks https there, write https: --url {Other(host, Uri.UriSchemeHttps)}"),
        _ => Unreachable($"The PayFlow host {Place(host)} cannot be reached: {(e.InnerException ?? e).Message.ReplaceLineEndings(" ")}", e),
    };

    /// <summary>The host, or something before it, refused.</summary>
    public static async Task<SyncException> OfAnswerAsync(HttpResponseMessage answer, Uri host, CancellationToken cancellationToken)
    {
        if (answer.Content.Headers.ContentType?.MediaType is "application/problem+json" && await ReadAsync(answer, cancellationToken) is { Code: not null } problem)
            return OfProblem(problem, answer.StatusCode, host);
        return OfStatus(answer.StatusCode, host);
    }

    private static async Task<Problem?> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(body, WireContext.Wire.Problem, cancellationToken);
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
        {
            // A refusal that was cut off on its way: its status says enough.
            return null;
        }
    }

    private static SyncException OfProblem(Problem problem, HttpStatusCode status, Uri host) => status == HttpStatusCode.Unauthorized
        // The host cannot know that it is the wrong one.
        ? new(SyncErrorCode.NotPermitted, $"The PayFlow host {Place(host)} does not take this till: its key was revoked, or is none of that host's",
            "Check the address (--url). If the key was revoked, an administrator can give a new code (payflow terminals code --terminal ID), and at the till: payflow agent --sqlite FILE --code CODE. What it sold meanwhile is not lost.")
        : new(Enum.TryParse<SyncErrorCode>(problem.Code, out var code) ? code : CodeOf(status), problem.Detail ?? $"The host {Place(host)} refused with {(int)status}", problem.Hint)
        {
            Terminal = problem.Terminal,
            Table = problem.Table,
            Key = problem.Key,
            IsTransient = problem.Transient || IsPassing(status),
        };

    private static SyncException OfStatus(HttpStatusCode status, Uri host) => CodeOf(status) switch
    {
        // A host says so in a problem document. Who ends for a firewall's word stays ended when it is long open again.
        SyncErrorCode.NotPermitted => new(SyncErrorCode.Protocol, $"Something before the PayFlow host {Place(host)} refuses the way to it ({(int)status})", "Look for a proxy, a firewall or a network that wants a sign-in. It is tried again by itself."),
        SyncErrorCode.TooLarge => new(SyncErrorCode.TooLarge, $"Something before the PayFlow host {Place(host)} takes no request of this length ({(int)status})", "Raise the limit of the proxy before the host (nginx: client_max_body_size)."),
        var code when IsPassing(status) => new(code, $"The PayFlow host {Place(host)} cannot answer at the moment ({(int)status})", Itself) { IsTransient = true },
        var code => new(code, $"{Place(host)} does not answer as a PayFlow host does ({(int)status})", "Check the address: it is the console's, without a path."),
    };

    private static SyncErrorCode CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => SyncErrorCode.NotPermitted,
        HttpStatusCode.RequestEntityTooLarge => SyncErrorCode.TooLarge,
        _ when IsPassing(status) => SyncErrorCode.CentralUnavailable,
        _ => SyncErrorCode.Protocol,
    };

    private static bool IsPassing(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private static SyncException Unreachable(string message, Exception e, string hint = Itself) => new(SyncErrorCode.CentralUnavailable, message, hint, e) { IsTransient = true };

    // The same place, spoken to in another way; with its port, which is what was meant.
    private static string Other(Uri host, string scheme) => $"{scheme}://{host.Authority}";

    // Never with a user's name or password, should somebody have written them there.
    private static string Place(Uri host) => host.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
}
