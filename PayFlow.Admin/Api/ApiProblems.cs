using System.Text.RegularExpressions;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Api;

/// <summary>
/// Every answer that is none, as problem details (RFC 9457) with the same code, message and hint that the command line and the console show.
/// </summary>
internal static partial class ApiProblems
{
    /// <summary>Turns what endpoints throw, and bare status codes, into problems.</summary>
    public static void Use(WebApplication host) => host.UseWhen(ApiServices.IsApi, api => api.Use(AnswerAsync));

    /// <summary>A problem of the engine's kind.</summary>
    public static IResult Of(SyncException e, params ReadOnlySpan<(string Name, object? Value)> more)
    {
        var extensions = new Dictionary<string, object?> { ["terminal"] = e.Terminal, ["table"] = e.Table, ["key"] = e.Key, ["transient"] = e.IsTransient ? true : null };
        foreach (var (name, value) in more)
            extensions[name] = value;
        return Of(StatusOf(e), e.Code.ToString(), e.Message, e.Hint, extensions);
    }

    public static IResult Of(int status, string code, string message, string? hint, Dictionary<string, object?>? more = null)
    {
        var extensions = new Dictionary<string, object?> { ["code"] = code, ["hint"] = hint };
        foreach (var (name, value) in more ?? [])
            extensions[name] = value;
        foreach (var name in extensions.Where(e => e.Value is null).Select(e => e.Key).ToList())
            extensions.Remove(name);
        return Results.Problem(message, null, status, TitleOf(code), $"urn:payflow:problem:{code}", extensions);
    }

    /// <summary>A request whose fields are wrong: each with its reason.</summary>
    public static IResult Invalid(IDictionary<string, string[]> errors) =>
        Results.ValidationProblem(errors, string.Join(' ', errors.SelectMany(e => e.Value)), title: "The request is not valid", type: "urn:payflow:problem:InvalidConfiguration",
            extensions: new Dictionary<string, object?> { ["code"] = nameof(SyncErrorCode.InvalidConfiguration), ["hint"] = "Correct the fields under \"errors\" and send it again; /openapi/v1.json describes them." });

    /// <inheritdoc cref="Invalid(IDictionary{string, string[]})"/>
    public static IResult Invalid(string field, string reason) => Invalid(new Dictionary<string, string[]> { [field] = [reason] });

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await FromException(context, e).ExecuteAsync(context);
            return;
        }
        if (!context.Response.HasStarted && context.Response is { StatusCode: >= 400, ContentLength: null, ContentType: null })
            await FromStatus(context.Response.StatusCode).ExecuteAsync(context);
    }

    private static IResult FromException(HttpContext context, Exception e)
    {
        if (e is BadHttpRequestException bad)
            return bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? FromStatus(bad.StatusCode)
                : Unbound().Match(bad.Message) is { Success: true } unbound
                    ? Of(bad.StatusCode, "BadRequest", $"'{unbound.Groups["value"].Value}' is no value for {unbound.Groups["name"].Value}.", "/openapi/v1.json says what each parameter takes.")
                    : Of(bad.StatusCode, "BadRequest", Reason(bad), "Send JSON as /openapi/v1.json describes it, with Content-Type: application/json.");
        var known = Failures.Translate(e);
        if (known.Code == SyncErrorCode.Unexpected)
        {
            LogFailed(context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ApiProblems)), context.Request.Method, context.Request.Path, context.TraceIdentifier, e);
            return Of(StatusCodes.Status500InternalServerError, "Unexpected", "The request could not be done.", $"The host's log says why, under {context.TraceIdentifier}.", new() { ["traceId"] = context.TraceIdentifier });
        }
        return Of(known);
    }

    private static string Reason(BadHttpRequestException bad) => bad.InnerException is System.Text.Json.JsonException json ? $"The body is not understood: {json.Message.ReplaceLineEndings(" ")}" : bad.Message.ReplaceLineEndings(" ");

    private static IResult FromStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Of(status, "SignInNeeded", "The request carries no valid token.", "POST /api/auth/token gives one for an e-mail address and a password; send it as \"Authorization: Bearer …\". It ends after an hour, and when its user is changed."),
        StatusCodes.Status403Forbidden => Of(status, nameof(SyncErrorCode.NotPermitted), "The token's user has no role that may do this.", "An administrator can change the role under Users."),
        StatusCodes.Status404NotFound => Of(status, "NotFound", "There is nothing at this address.", "/openapi/v1.json lists what there is."),
        StatusCodes.Status405MethodNotAllowed => Of(status, "MethodNotAllowed", "This address does not take this method.", "/openapi/v1.json lists what it takes."),
        StatusCodes.Status413PayloadTooLarge => Of(status, nameof(SyncErrorCode.TooLarge), $"The body is larger than {ApiServices.MaxBodyBytes / 1024} KB.", "Send less at once."),
        StatusCodes.Status415UnsupportedMediaType => Of(status, "UnsupportedMediaType", "The body is no JSON.", "Send Content-Type: application/json."),
        _ => Of(status, "BadRequest", "The request was not understood.", "/openapi/v1.json describes what is."),
    };

    private static int StatusOf(SyncException e) => e.Code switch
    {
        SyncErrorCode.InvalidConfiguration or SyncErrorCode.Protocol => StatusCodes.Status400BadRequest,
        SyncErrorCode.NotPermitted => StatusCodes.Status403Forbidden,
        SyncErrorCode.TooLarge => StatusCodes.Status413PayloadTooLarge,
        SyncErrorCode.Moved or SyncErrorCode.Busy or SyncErrorCode.IdentityMismatch or SyncErrorCode.SchemaMismatch => StatusCodes.Status409Conflict,
        SyncErrorCode.ValueRefused => StatusCodes.Status422UnprocessableEntity,
        SyncErrorCode.CentralUnavailable or SyncErrorCode.TerminalUnavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static string TitleOf(string code) => code switch
    {
        nameof(SyncErrorCode.InvalidConfiguration) => "The request is not valid",
        nameof(SyncErrorCode.Moved) => "It is no longer what was looked at",
        nameof(SyncErrorCode.ValueRefused) => "A value is refused",
        nameof(SyncErrorCode.Busy) => "Somebody else is at it",
        nameof(SyncErrorCode.CentralUnavailable) => "Central does not answer",
        nameof(SyncErrorCode.NotPermitted) => "Not permitted",
        "SignInNeeded" => "A token is needed",
        "TooManyRequests" => "Too many requests",
        "NotFound" => "Not found",
        _ => "The request could not be done",
    };

    // Failed to bind parameter "Nullable<long> after" from "x".
    [GeneratedRegex("""parameter "[^"]* (?<name>\w+)" from "(?<value>.*)"\.$""", RegexOptions.Singleline)]
    private static partial Regex Unbound();

    [LoggerMessage(1501, LogLevel.Error, "{Method} {Path} failed ({TraceId})")]
    private static partial void LogFailed(ILogger logger, string method, string path, string traceId, Exception exception);
}
