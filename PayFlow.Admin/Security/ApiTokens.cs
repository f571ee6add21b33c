using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PayFlow.Admin.Data;

namespace PayFlow.Admin.Security;

/// <summary>
/// Which tokens the API takes: its own, signed with HMAC-SHA256 (and nothing else: <c>alg: none</c> and tokens that choose their own algorithm are refused, RFC 8725 3.1) and bound to the account's
/// state when they were made; or those of an external authority, when one is configured, and then only those.
/// </summary>
internal sealed class ApiTokens(SharedSecrets secrets, SecuritySettings settings, TimeProvider time) : IConfigureNamedOptions<JwtBearerOptions>
{
    public const string Issuer = "payflow";
    public const string Audience = "payflow-api";

    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private const string NameClaim = "name";
    private const string RoleClaim = "role";

    /// <summary>A digest of the account's security stamp, which changes with password, role and state.</summary>
    private const string StampClaim = "sst";

    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>A token for an account, and when it ends.</summary>
    public (string Token, DateTimeOffset ExpiresAt) Issue(ConsoleAccount account, string role)
    {
        var now = time.GetUtcNow();
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + Life).UtcDateTime,
            Claims = new Dictionary<string, object>
            {
                [JwtRegisteredClaimNames.Sub] = account.Id.ToString(),
                [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString(),
                [NameClaim] = account.Email!,
                [RoleClaim] = role,
                [StampClaim] = Digest(account.SecurityStamp),
            },
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(secrets.TokenKey), SecurityAlgorithms.HmacSha256),
        });
        return (token, now + Life);
    }

    public void Configure(JwtBearerOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, JwtBearerOptions options)
    {
        if (name != JwtBearerDefaults.AuthenticationScheme)
            return;
        options.MapInboundClaims = false;
        options.SaveToken = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidateIssuer = true,
            ValidateAudience = true,
            ValidateLifetime = true,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ValidateIssuerSigningKey = true,
            ClockSkew = Skew,
            NameClaimType = NameClaim,
            RoleClaimType = RoleClaim,
        };
        if (settings.Authority is { } authority)
        {
            options.Authority = authority.ToString();
            options.RequireHttpsMetadata = authority.Scheme == Uri.UriSchemeHttps;
            options.TokenValidationParameters.ValidAudience = settings.Audience;
            options.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384];
            options.Events = new JwtBearerEvents { OnTokenValidated = TakeForeignClaims };
            return;
        }
        options.TokenValidationParameters.ValidIssuer = Issuer;
        options.TokenValidationParameters.ValidAudience = Audience;
        options.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.HmacSha256];
        // Asked for at each token: at the time of this configuration the key may not have been read yet.
        options.TokenValidationParameters.IssuerSigningKeyResolver = (_, _, _, _) => [new SymmetricSecurityKey(secrets.TokenKey)];
        options.Events = new JwtBearerEvents { OnTokenValidated = RequireLivingAccountAsync };
    }

    private static async Task RequireLivingAccountAsync(TokenValidatedContext context)
    {
        var users = context.HttpContext.RequestServices.GetRequiredService<UserManager<ConsoleAccount>>();
        var id = context.Principal?.FindFirstValue(JwtRegisteredClaimNames.Sub);
        var account = id is null ? null : await users.FindByIdAsync(id);
        if (account is not { IsDisabled: false } || context.Principal!.FindFirstValue(StampClaim) != Digest(account.SecurityStamp))
            context.Fail("The account was changed or removed after this token was made.");
    }

    // An authority names its users and their roles in claims of its own liking; roles that are not ours are nothing to us.
    private static Task TakeForeignClaims(TokenValidatedContext context)
    {
        var principal = context.Principal!;
        var own = new ClaimsIdentity(principal.Identity?.AuthenticationType, NameClaim, RoleClaim);
        var name = principal.FindFirstValue("preferred_username") ?? principal.FindFirstValue("email") ?? principal.FindFirstValue(JwtRegisteredClaimNames.Sub);
        if (name is null)
        {
            context.Fail("The token names nobody.");
            return Task.CompletedTask;
        }
        own.AddClaim(new Claim(NameClaim, name));
        foreach (var role in principal.Claims.Where(c => c.Type is "roles" or "role").Select(c => c.Value).Intersect(Roles.All))
            own.AddClaim(new Claim(RoleClaim, role));
        context.Principal = new ClaimsPrincipal(own);
        return Task.CompletedTask;
    }

    private static string Digest(string? stamp) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(stamp ?? string.Empty)).AsSpan(0, 16));
}
