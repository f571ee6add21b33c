using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Fixtures;
using Xunit;

namespace PayFlow.Admin.Tests.Security;

/// <summary>
/// Who gets where: every route of the host with the answers for nobody, a viewer, an operator and an administrator. A route that is not written down here fails the test.
/// </summary>
public sealed partial class RouteTableTests
{
    // in: the sign-in page. no: the page that says so. 200, 401, …: that status. Pages by cookie, the API by token.
    private const string Table = """
        GET  /                                  in  200 200 200
        GET  /not-found                         200 200 200 200
        GET  /runs                              in  200 200 200
        GET  /runs/{Id:guid}                    in  200 200 200
        GET  /conflicts                         in  200 200 200
        GET  /conflicts/{Id:long}               in  200 200 200
        GET  /attach                            in  200 200 200
        GET  /tables                            in  200 200 200
        GET  /tables/{Name}                     in  200 200 200
        GET  /table-map                         in  200 200 200
        GET  /consistency                       in  200 200 200
        GET  /consistency/{Id:long}             in  200 200 200
        GET  /consistency/rollback/{Run:guid}   in  200 200 200
        GET  /devices                           in  200 200 200
        GET  /terminals                         in  200 200 200
        GET  /terminals/{Id}                    in  200 200 200
        GET  /schedules                         in  200 200 200
        GET  /schedules/new                     in  200 200 200
        GET  /schedules/{Id:guid}               in  200 200 200
        GET  /jobs                              in  200 200 200
        GET  /jobs/{Id:long}                    in  200 200 200
        GET  /queue                             in  200 200 200
        GET  /queue/{Terminal}/{Table}          in  200 200 200
        GET  /users                             in  no  no  200
        GET  /users/{Id:guid}                   in  no  no  200
        GET  /webhooks                          in  200 200 200
        GET  /webhooks/new                      in  200 200 200
        GET  /webhooks/{Id:guid}                in  200 200 200
        GET  /webhooks/{Id:guid}/edit           in  200 200 200
        GET  /webhooks/{Id:guid}/deliveries/{Number:long} in 200 200 200
        GET  /audit                             in  200 200 200
        GET  /settings                          in  200 200 200
        GET  /api-docs                          in  200 200 200
        GET  /export/runs                       in  200 200 200
        GET  /export/audit                      in  200 200 200
        GET  /export/conflicts                  in  200 200 200
        GET  /export/queue                      in  200 200 200
        GET  /metrics                           401 200 200 200
        GET  /account                           in  200 200 200
        GET  /account/password                  in  200 200 200
        GET  /account/two-factor                in  200 200 200
        GET  /account/sign-in                   200 302 302 302
        GET  /account/code                      200 200 200 200
        GET  /account/recovery-code             200 200 200 200
        GET  /account/denied                    200 200 200 200
        GET  /account/set-up                    200 200 200 200
        GET  /account/invitation                200 200 200 200
        POST /account/sign-out                  400 400 400 400
        GET  /health/live                       200 200 200 200
        GET  /health/ready                      200 200 200 200
        GET  /_framework/blazor.web.js          200 200 200 200
        GET  /openapi/{documentName}.json       401 200 200 200
        POST /api/auth/token                    400 400 400 400
        POST /api/sync/trigger                  401 403 202 202
        GET  /api/sync/jobs/{id:long}           401 404 404 404
        GET  /api/sync/status                   401 200 200 200
        GET  /api/sync/conflicts                401 200 200 200
        GET  /api/sync/conflicts/{id:long}      401 404 404 404
        POST /api/sync/configure                401 403 403 400
        POST /api/sync/resolve                  401 403 400 400
        POST /api/sync/register                 400 400 400 400
        POST /api/sync/key                      401 401 401 401
        POST /api/sync/open                     401 401 401 401
        POST /api/sync/advance                  401 401 401 401
        POST /api/sync/upload                   401 401 401 401
        GET  /api/sync/result                   401 401 401 401
        POST /api/sync/decisions                401 401 401 401
        POST /api/sync/delivered                401 401 401 401
        GET  /api/sync/position                 401 401 401 401
        GET  /api/sync/download                 401 401 401 401
        POST /api/sync/download                 401 401 401 401
        GET  /api/sync/events                   401 401 401 401
        POST /api/sync/count                    401 401 401 401
        POST /api/sync/rows                     401 401 401 401
        POST /api/sync/fetch                    401 401 401 401
        POST /api/sync/stamped                  401 401 401 401
        POST /api/sync/audit                    401 401 401 401
        POST /api/sync/close                    401 401 401 401
        """;

    [Fact]
    public async Task Every_route_answers_each_role_as_written_down_and_none_is_missing()
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central, "PAYFLOW_TOKEN_RATE_LIMIT=10000")).WithUsersAsync();
        var expected = Table.Split('\n').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToDictionary(l => $"{l[0]} {l[1]}", l => l[2..], StringComparer.Ordinal);

        var listed = Routes(host).ToHashSet(StringComparer.Ordinal);
        Assert.Equal([], listed.Except(expected.Keys));
        Assert.Equal([], expected.Keys.Except(listed));

        var wrong = new StringBuilder();
        foreach (var (column, role) in new[] { null, Roles.Viewer, Roles.Operator, Roles.Admin }.Index())
        {
            using var pages = role is null ? host.Browser() : await host.SignedInAsync(role);
            using var api = role is null ? host.Browser() : await host.ApiAsync(role);
            // The API last: no page may end its token.
            foreach (var (route, answers) in expected.OrderBy(e => e.Key.Contains(" /api/", StringComparison.Ordinal)))
            {
                var (method, path) = (route.Split(' ')[0], route.Split(' ')[1]);
                using var request = new HttpRequestMessage(new HttpMethod(method), Example(path));
                if (method == "POST")
                    request.Content = path.StartsWith("/api", StringComparison.Ordinal) ? new StringContent("{}", Encoding.UTF8, "application/json") : new FormUrlEncodedContent([]);
                using var answer = await (path.StartsWith("/api/", StringComparison.Ordinal) ? api : pages).SendAsync(request);
                if (Word(answer) != answers[column])
                    wrong.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{route} as {role ?? "nobody"}: {Word(answer)}, not {answers[column]}");
            }
        }
        Assert.Equal(string.Empty, wrong.ToString());
    }

    [Fact]
    public async Task A_cookie_does_not_open_the_API()
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central)).WithUsersAsync();
        using var browser = await host.SignedInAsync(Roles.Admin);

        using var status = await browser.GetAsync("/api/sync/status");
        using var trigger = await browser.PostAsync("/api/sync/trigger", null);

        Assert.Equal(HttpStatusCode.Unauthorized, status.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, trigger.StatusCode);
    }

    [Fact]
    public async Task Every_answer_tells_the_browser_what_it_must_not_do()
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central)).WithUsersAsync();
        using var browser = await host.SignedInAsync(Roles.Viewer);
        foreach (var path in new[] { "/", "/account/sign-in", "/app.css", "/api/sync/status", "/no-such-page", "/health/live" })
        {
            using var answer = await browser.GetAsync(path);
            Assert.Equal(SecurityHeaders.ContentSecurityPolicy, Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
            Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        }
    }

    [Fact]
    public async Task A_page_has_no_script_in_itself()
    {
        await using var central = await CentralDatabase.CreateMigratedAsync();
        await using var host = await (await ConsoleHost.StartAsync(central)).WithUsersAsync();
        using var browser = await host.SignedInAsync(Roles.Admin);
        foreach (var path in new[] { "/", "/runs", "/users", "/audit", "/settings", "/api-docs", "/account", "/account/two-factor", "/no-such-page" })
        {
            var html = await browser.GetAsync(path);
            var text = await html.Content.ReadAsStringAsync();
            Assert.DoesNotMatch("<script(?![^>]* src=)", text);
            Assert.DoesNotMatch("<[^>]* on[a-z]+=\"", text);
        }
    }

    private static string Word(HttpResponseMessage answer) =>
        answer is { StatusCode: HttpStatusCode.Redirect, Headers.Location: { } location }
            ? location.ToString().Contains(AccountPaths.SignIn, StringComparison.Ordinal) ? "in" : location.ToString().Contains(AccountPaths.Denied, StringComparison.Ordinal) ? "no" : "302"
            : ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Example(string path) =>
        Parameter().Replace(path, m => m.Value.Contains("documentName", StringComparison.Ordinal) ? "v1" : m.Value.Contains(":guid", StringComparison.Ordinal) ? Guid.Empty.ToString() : "1");

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    private static IEnumerable<string> Routes(ConsoleHost host)
    {
        foreach (var endpoint in host.Host.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>())
        {
            var path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            // Files, and what the component framework needs for itself: files are open, the circuit's own addresses take no user beyond its page's.
            if (endpoint.Metadata.Any(m => m.GetType().Name is "StaticAssetDescriptor") || path.StartsWith("/_blazor", StringComparison.Ordinal) || path is "/_framework/opaque-redirect" or "/{**path:file}")
                continue;
            var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"];
            // A page takes GET, and POST for its form.
            yield return $"{(methods.Contains("GET") ? "GET" : methods[0])} {path}";
        }
    }
}
