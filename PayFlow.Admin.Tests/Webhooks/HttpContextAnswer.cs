using Microsoft.AspNetCore.Http;

namespace PayFlow.Admin.Tests.Webhooks;

/// <summary>Answers that a receiver should not give.</summary>
internal sealed class HttpContextAnswer(HttpContext context)
{
    private string _body = string.Empty;
    private bool _isCut;

    public static async Task GiveAsync(HttpContext context, Action<HttpContextAnswer> how)
    {
        var answer = new HttpContextAnswer(context);
        how(answer);
        await context.Response.WriteAsync(answer._body);
        if (answer._isCut)
            context.Abort();
    }

    public void Status(int status) => context.Response.StatusCode = status;

    public void Redirect(Uri to) => context.Response.Redirect(new Uri(to, "/elsewhere").ToString());

    /// <summary>Much more than is kept.</summary>
    public void Long() => _body = new string('x', 5_000_000);

    /// <summary>Promises more than it sends.</summary>
    public void Cut() => (context.Response.ContentLength, _body, _isCut) = (100, "x", true);

    public void Busy()
    {
        Status(503);
        context.Response.Headers.RetryAfter = "100";
    }
}
