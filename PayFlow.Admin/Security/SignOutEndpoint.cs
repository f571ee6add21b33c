using Microsoft.AspNetCore.Antiforgery;

namespace PayFlow.Admin.Security;

/// <summary>Ends a session. By POST with the antiforgery token, so that no other site can do it to anybody.</summary>
internal static class SignOutEndpoint
{
    public static void MapSignOut(this WebApplication host) =>
        host.MapPost(AccountPaths.SignOut, SignOutAsync).AllowAnonymous().WithMetadata(new RequireAntiforgeryTokenAttribute(true)).ExcludeFromDescription();

    private static async Task<IResult> SignOutAsync(HttpContext context, ConsoleSignInManager signIn)
    {
        // The middleware has looked, and leaves it to the endpoint to refuse.
        if (context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: true })
            return Results.Text("This request did not come from the console's own page. Open the console and sign out there.\n", statusCode: StatusCodes.Status400BadRequest);
        await signIn.SignOutAsync();
        return Results.LocalRedirect(AccountPaths.SignIn);
    }
}
