using Microsoft.AspNetCore.Diagnostics;
using PayFlow.Admin.Api;
using PayFlow.Admin.Output;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Hosting;

/// <summary>What a browser is told that asked for a page or a file which could not be made, such as while the session cannot be looked up. The API answers for itself.</summary>
internal static class PageFailures
{
    // A page that was left open comes back by itself.
    private const string Again = "10";

    public static void Use(WebApplication host) =>
        host.UseWhen(context => !ApiServices.IsApi(context), pages => pages.UseExceptionHandler(failed => failed.Run(AnswerAsync)));

    private static Task AnswerAsync(HttpContext context)
    {
        var known = context.Features.Get<IExceptionHandlerFeature>() is { Error: var error } ? Failures.Translate(error) : null;
        if (known?.Code != SyncErrorCode.CentralUnavailable)
            return context.Response.WriteAsync($"This could not be done. The host's log says why, under {context.TraceIdentifier}.\n");
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        if (HttpMethods.IsGet(context.Request.Method))
            context.Response.Headers["Refresh"] = Again;
        return context.Response.WriteAsync($"{known.Message} {known.Hint}\nThe tills sell on meanwhile; this page loads again by itself.\n");
    }
}
