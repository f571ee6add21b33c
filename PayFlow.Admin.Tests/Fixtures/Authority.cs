using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace PayFlow.Admin.Tests.Fixtures;

/// <summary>An OpenID Connect authority on this machine: discovery, its keys, and tokens that it signs.</summary>
internal sealed class Authority : IAsyncDisposable
{
    private readonly WebApplication _host;
    private RsaSecurityKey _key = NewKey();

    private Authority(WebApplication host) => _host = host;

    public string Issuer { get; private set; } = string.Empty;

    public static async Task<Authority> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var made = new Authority(builder.Build());
        made._host.MapGet("/.well-known/openid-configuration", () => Results.Json(new Dictionary<string, object>
        {
            ["issuer"] = made.Issuer,
            ["jwks_uri"] = $"{made.Issuer}/keys",
            ["id_token_signing_alg_values_supported"] = new[] { "RS256" },
        }));
        made._host.MapGet("/keys", () => Results.Json(new { keys = new[] { made.PublicKey() } }));
        await made._host.StartAsync();
        made.Issuer = made._host.Urls.First();
        return made;
    }

    /// <summary>Signs with another key from now on.</summary>
    public void ChangeKey() => _key = NewKey();

    /// <summary>A token, good for ten minutes.</summary>
    public string Sign(string audience, Dictionary<string, object> claims, string? issuer = null, SecurityKey? key = null, string algorithm = SecurityAlgorithms.RsaSha256, int minutes = 10) =>
        new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Issuer,
            Audience = audience,
            NotBefore = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-30),
            IssuedAt = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-30),
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(minutes),
            Claims = claims,
            SigningCredentials = new SigningCredentials(key ?? _key, algorithm),
        });

    /// <summary>What everybody may read of its key, as bytes: a forger might sign with it by a secret's algorithm.</summary>
    public byte[] PublicBytes() => _key.Rsa.ExportSubjectPublicKeyInfo();

    public static RsaSecurityKey NewKey() => new(RSA.Create(2048)) { KeyId = Guid.NewGuid().ToString() };

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    private object PublicKey()
    {
        var parameters = _key.Rsa.ExportParameters(false);
        return new { kty = "RSA", use = "sig", alg = "RS256", kid = _key.KeyId, n = Base64UrlEncoder.Encode(parameters.Modulus), e = Base64UrlEncoder.Encode(parameters.Exponent) };
    }
}
