using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PayFlow.Admin.Security;
using PayFlow.Admin.Tests.Fixtures;
using Xunit;

namespace PayFlow.Admin.Tests.Api;

public sealed class TokenTests : IAsyncLifetime
{
    private CentralDatabase _central = null!;
    private ConsoleHost _host = null!;

    public async Task InitializeAsync()
    {
        _central = await CentralDatabase.CreateMigratedAsync();
        _host = await (await ConsoleHost.StartAsync(_central)).WithUsersAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _central.DisposeAsync();
    }

    [Fact]
    public async Task A_token_opens_the_API_for_an_hour()
    {
        using var client = _host.Browser();
        using var answer = await client.PostAsJsonAsync("/api/auth/token", new { email = "viewer@example.com", password = ConsoleHost.Password });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(3600, body.GetProperty("expiresIn").GetInt32());
        Assert.Equal("Viewer", body.GetProperty("role").GetString());

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(body.GetProperty("accessToken").GetString()!));
    }

    [Theory]
    [InlineData("viewer@example.com", "wrong")]
    [InlineData("nobody@example.com", ConsoleHost.Password)]
    public async Task Wrong_credentials_get_a_problem_that_does_not_say_which_is_wrong(string email, string password)
    {
        using var client = _host.Browser();
        using var answer = await client.PostAsJsonAsync("/api/auth/token", new { email, password });
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("SignInRefused", problem.GetProperty("code").GetString());
        Assert.NotEmpty(problem.GetProperty("hint").GetString()!);
    }

    [Fact]
    public async Task A_replaced_key_ends_every_token_here_at_once_and_on_other_hosts_as_soon_as_they_look()
    {
        await using var other = await ConsoleHost.StartAsync(_central, "PAYFLOW_SESSION_CHECK=1");
        var token = await TokenAsync(Roles.Admin);
        using var there = other.Browser();
        there.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        Assert.Equal(HttpStatusCode.OK, (await there.GetAsync("/api/sync/status")).StatusCode);

        await _host.Host.Services.GetRequiredService<SharedSecrets>().ReplaceTokenKeyAsync("ann", "it was seen", CancellationToken.None);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(token));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(await TokenAsync(Roles.Admin)));
        while ((await there.GetAsync("/api/sync/status")).StatusCode != HttpStatusCode.Unauthorized)
            await Task.Delay(50);
        Assert.Equal("ann it was seen", await _central.ScalarAsync<string>("SELECT actor || ' ' || (detail ->> 'reason') FROM payflow.audit WHERE action = 'settings.replace-token-key'"));
    }

    [Fact]
    public async Task A_token_that_says_it_needs_no_signature_is_refused()
    {
        var parts = (await TokenAsync(Roles.Admin)).Split('.');
        var header = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync($"{header}.{parts[1]}."));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync($"{header}.{parts[1]}.{parts[2]}"));
    }

    [Fact]
    public async Task A_token_signed_with_another_key_is_refused()
    {
        var claims = new JsonWebTokenHandler().ReadJsonWebToken(await TokenAsync(Roles.Admin));
        var foreign = Sign(RandomNumberGenerator.GetBytes(64), claims.Claims.Where(c => c.Type is not ("iss" or "aud" or "exp" or "iat" or "nbf")).ToDictionary(c => c.Type, c => (object)c.Value), TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(foreign));
    }

    [Theory]
    [InlineData(-600, ApiTokens.Issuer, ApiTokens.Audience)]
    [InlineData(600, "somebody", ApiTokens.Audience)]
    [InlineData(600, ApiTokens.Issuer, "something")]
    public async Task A_token_that_has_expired_or_was_made_by_or_for_somebody_else_is_refused(int seconds, string issuer, string audience)
    {
        var claims = new JsonWebTokenHandler().ReadJsonWebToken(await TokenAsync(Roles.Admin));
        var kept = claims.Claims.Where(c => c.Type is not ("iss" or "aud" or "exp" or "iat" or "nbf")).ToDictionary(c => c.Type, c => (object)c.Value);
        var key = _host.Host.Services.GetRequiredService<SharedSecrets>().TokenKey;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Sign(key, kept, TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(600))));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Sign(key, kept, TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(seconds), issuer, audience)));
    }

    [Fact]
    public async Task A_token_whose_claims_were_altered_is_refused()
    {
        var parts = (await TokenAsync(Roles.Viewer)).Split('.');
        var claims = Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(parts[1])).Replace("Viewer", "Admin", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync($"{parts[0]}.{Base64UrlEncoder.Encode(claims)}.{parts[2]}"));
    }

    [Theory]
    [InlineData("role")]
    [InlineData("disable")]
    [InlineData("delete")]
    [InlineData("password")]
    public async Task A_token_dies_at_once_when_its_user_is_changed(string change)
    {
        var token = await TokenAsync(Roles.Operator);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(token));
        var id = await _host.IdOfAsync(ConsoleHost.EmailOf(Roles.Operator));

        await (change switch
        {
            "role" => _host.Accounts.SetRoleAsync(id, Roles.Viewer, "admin", default),
            "disable" => _host.Accounts.SetDisabledAsync(id, true, null, "admin", default),
            "delete" => _host.Accounts.DeleteAsync(id, null, "admin", default),
            _ => _host.Accounts.SetPasswordByLinkAsync((await _host.Accounts.SendLinkAsync(id, "admin", default)).Token, "another good sentence", default),
        });

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(token));
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    public async Task A_host_that_cannot_read_the_key_in_central_goes_on_with_its_own_and_makes_no_other(string value)
    {
        var token = await TokenAsync(Roles.Viewer);
        await _central.ExecuteAsync($"UPDATE console.secrets SET value = '{value}' WHERE name = 'token-key'");
        var secrets = _host.Host.Services.GetRequiredService<SharedSecrets>();

        Assert.False(await secrets.RefreshAsync(CancellationToken.None));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(token));
        Assert.Equal(value, await _central.ScalarAsync<string>("SELECT value FROM console.secrets WHERE name = 'token-key'"));

        // Whoever starts makes one, or there would never be one again.
        await using var started = await ConsoleHost.StartAsync(_central);
        Assert.NotEqual(value, await _central.ScalarAsync<string>("SELECT value FROM console.secrets WHERE name = 'token-key'"));
        Assert.True(await secrets.RefreshAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_second_host_takes_the_tokens_and_cookies_of_the_first()
    {
        await using var second = await ConsoleHost.StartAsync(_central);
        using var api = await _host.ApiAsync(Roles.Viewer);
        using var atSecond = second.Browser();
        atSecond.DefaultRequestHeaders.Authorization = api.DefaultRequestHeaders.Authorization;
        using var status = await atSecond.GetAsync("/api/sync/status");
        Assert.Equal(HttpStatusCode.OK, status.StatusCode);

        using var browser = await _host.SignedInAsync(Roles.Viewer);
        using var page = await browser.GetAsync(new Uri(second.Address, "/account"));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal(1, await _central.ScalarAsync<long>("SELECT count(*) FROM console.data_protection_keys"));
    }

    [Fact]
    public async Task The_signing_key_is_kept_encrypted()
    {
        var key = _host.Host.Services.GetRequiredService<SharedSecrets>().TokenKey;
        var stored = Convert.FromBase64String((await _central.ScalarAsync<string>("SELECT value FROM console.secrets WHERE name = 'token-key'"))!);
        Assert.False(stored.AsSpan().IndexOf(key.AsSpan(0, 16)) >= 0);
    }

    private static string Sign(byte[] key, Dictionary<string, object> claims, DateTime expires, string issuer = ApiTokens.Issuer, string audience = ApiTokens.Audience) =>
        new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            NotBefore = expires.AddHours(-1),
            IssuedAt = expires.AddHours(-1),
            Expires = expires,
            Claims = claims,
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(key), SecurityAlgorithms.HmacSha256),
        });

    private async Task<string> TokenAsync(string role)
    {
        using var client = await _host.ApiAsync(role);
        return client.DefaultRequestHeaders.Authorization!.Parameter!;
    }

    private async Task<HttpStatusCode> StatusAsync(string token)
    {
        using var client = _host.Browser();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.GetAsync("/api/sync/status");
        return answer.StatusCode;
    }
}
