using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.IdentityModel.Tokens;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Fixtures;
using Xunit;

namespace PayFlow.Admin.Tests.Api;

/// <summary>Tokens of an external authority, fetched keys and all.</summary>
public sealed class ForeignTokenTests : IAsyncLifetime
{
    private const string Audience = "payflow-console";

    private CentralDatabase _central = null!;
    private Authority _authority = null!;
    private ConsoleHost _host = null!;

    public async Task InitializeAsync()
    {
        _central = await CentralDatabase.CreateMigratedAsync();
        _authority = await Authority.StartAsync();
        _host = await (await ConsoleHost.StartAsync(_central, $"PAYFLOW_OIDC_AUTHORITY={_authority.Issuer}", $"PAYFLOW_OIDC_AUDIENCE={Audience}")).WithUsersAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _authority.DisposeAsync();
        await _central.DisposeAsync();
    }

    [Fact]
    public async Task A_token_of_the_authority_opens_the_API_as_far_as_its_role_goes_and_the_audit_knows_its_user()
    {
        var (viewer, admin) = (_authority.Sign(Audience, Claims("vera", Roles.Viewer)), _authority.Sign(Audience, Claims("ada@corp.example", "Staff", Roles.Admin)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(viewer));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(viewer, HttpMethod.Post, "/api/sync/trigger"));
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(admin, HttpMethod.Post, "/api/sync/trigger"));
        using var api = Client(admin);
        using var set = await api.PostAsJsonAsync("/api/sync/configure", new { mode = "cron", cron = "0 4 * * *" });
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        Assert.Equal("ada@corp.example", await _central.ScalarAsync<string>("SELECT actor FROM payflow.audit WHERE action LIKE 'schedule.%' ORDER BY id DESC LIMIT 1"));
    }

    [Fact]
    public async Task A_token_without_one_of_our_roles_may_nothing()
    {
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(_authority.Sign(Audience, Claims("eve", "Administrator", "admin"))));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(_authority.Sign(Audience, new() { ["sub"] = "eve" })));
    }

    [Fact]
    public async Task A_token_for_somebody_else_by_somebody_else_too_old_or_signed_otherwise_is_refused()
    {
        var claims = Claims("ada", Roles.Admin);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_authority.Sign(Audience, claims)));
        var parts = _authority.Sign(Audience, claims).Split('.');
        (string Case, string Token)[] wrong =
        [
            ("another audience", _authority.Sign("payflow-other", claims)),
            ("our own audience", _authority.Sign(ApiTokens.Audience, claims)),
            ("another issuer", _authority.Sign(Audience, claims, issuer: "https://elsewhere.example")),
            ("expired", _authority.Sign(Audience, claims, minutes: -10)),
            ("another key", _authority.Sign(Audience, claims, key: Authority.NewKey())),
            ("the public key as a secret", _authority.Sign(Audience, claims, key: new SymmetricSecurityKey(_authority.PublicBytes()), algorithm: SecurityAlgorithms.HmacSha256)),
            ("not signed", $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}."),
            ("no user", _authority.Sign(Audience, new() { ["roles"] = new[] { Roles.Admin } })),
        ];
        foreach (var (name, token) in wrong)
            Assert.True(await StatusAsync(token) == HttpStatusCode.Unauthorized, name);
    }

    [Fact]
    public async Task A_key_that_the_authority_has_changed_is_fetched()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_authority.Sign(Audience, Claims("ada", Roles.Viewer))));
        _authority.ChangeKey();
        await Until.TrueAsync(async () => await StatusAsync(_authority.Sign(Audience, Claims("ada", Roles.Viewer))) == HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_console_makes_no_tokens_then_and_says_where_they_come_from()
    {
        using var client = _host.Browser();
        using var answer = await client.PostAsJsonAsync("/api/auth/token", new { email = ConsoleHost.EmailOf(Roles.Admin), password = ConsoleHost.Password });
        Assert.Contains(_authority.Issuer, (await Problem.OfAsync(answer, HttpStatusCode.BadRequest)).GetProperty("hint").GetString(), StringComparison.Ordinal);
        using var browser = await _host.SignedInAsync(Roles.Viewer);
        using var page = await browser.GetAsync("/runs");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    private static Dictionary<string, object> Claims(string name, params string[] roles) => new() { ["sub"] = "4711", ["preferred_username"] = name, ["roles"] = roles };

    private HttpClient Client(string token)
    {
        var client = _host.Browser();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private async Task<HttpStatusCode> StatusAsync(string token, HttpMethod? method = null, string path = "/api/sync/status")
    {
        using var client = Client(token);
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
