using Microsoft.AspNetCore.Identity;
using PayFlow.Admin.Data;
using PayFlow.Admin.Security;

namespace PayFlow.Admin.Api;

/// <summary><c>POST /api/auth/token</c>.</summary>
internal static class TokenEndpoint
{
    public static void MapToken(this IEndpointRouteBuilder api) =>
        api.MapPost("/auth/token", IssueAsync).AllowAnonymous()
            .WithName("token").WithTags("Sign-in").WithSummary("A token for the API").WithDescription("For an e-mail address, a password and, where the account has a second factor, a code. The token lives for an hour, and ends earlier when the user's password, role or state changes.")
            .Produces<TokenResponse>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> IssueAsync(TokenRequest request, SignInDesk desk, ApiTokens tokens, UserManager<ConsoleAccount> users, SecuritySettings settings, HttpContext context)
    {
        if (settings.Authority is { } authority)
            return ApiProblems.Of(StatusCodes.Status400BadRequest, "ForeignAuthority", "This console makes no tokens of its own.", $"Get one from {authority}, for the audience {settings.Audience}.");
        var errors = new Dictionary<string, string[]>();
        if (string.IsNullOrWhiteSpace(request.Email))
            errors["email"] = ["The e-mail address is missing."];
        if (string.IsNullOrEmpty(request.Password))
            errors["password"] = ["The password is missing."];
        if (errors.Count > 0)
            return ApiProblems.Invalid(errors);
        // A token is no answer for a cache to keep (RFC 6749, 5.1).
        context.Response.Headers.CacheControl = "no-store";
        var (account, outcome) = await desk.CheckAsync(request.Email, request.Password, request.Code, context.RequestAborted);
        if (account is null)
            return Refused(outcome);
        var role = (await users.GetRolesAsync(account)).FirstOrDefault() ?? string.Empty;
        var (token, expires) = tokens.Issue(account, role);
        return Results.Ok(new TokenResponse(token, "Bearer", (int)ApiTokens.Life.TotalSeconds, expires, role));
    }

    private static IResult Refused(SignInOutcome outcome) => outcome switch
    {
        SignInOutcome.CodeNeeded => ApiProblems.Of(StatusCodes.Status401Unauthorized, "CodeNeeded", "This account has a second factor.", "Send the code of the authenticator as \"code\"."),
        SignInOutcome.Disabled => ApiProblems.Of(StatusCodes.Status401Unauthorized, "Disabled", "This account is disabled.", "An administrator can enable it."),
        _ => ApiProblems.Of(StatusCodes.Status401Unauthorized, "SignInRefused", "E-mail address, password or code is wrong, or the account is locked.", "5 failed attempts lock an account for 15 minutes; an administrator can unlock it."),
    };
}
