using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using PayFlow.Admin.Api;
using PayFlow.Admin.Data;
using PayFlow.Admin.Remote;
using PayFlow.Sync.Engine.Http;

namespace PayFlow.Admin.Security;

/// <summary>Sign-in's part of the host.</summary>
internal static class SecurityServices
{
    /// <summary>Bearer for the API and for programs that read figures, the cookie for pages. A cookie never opens the API, so that no other site can use it from a browser.</summary>
    private const string BearerOrCookie = nameof(BearerOrCookie);

    private const string SessionCookie = "payflow.session";

    private static readonly TimeSpan SessionLife = TimeSpan.FromHours(12);

    public static IServiceCollection AddConsoleSecurity(this IServiceCollection services, SecuritySettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<OneTimeLinks>();
        services.AddSingleton<AccountDesk>();
        services.AddSingleton<FirstAdmin>();
        services.AddSingleton<SharedSecrets>();
        services.AddSingleton<SecurityStart>();
        services.AddHostedService(provider => provider.GetRequiredService<SecurityStart>());
        services.AddHostedService<SecretRefresh>();
        services.AddScoped<FailedAttempts>();
        services.AddScoped<SignInDesk>();
        services.AddScoped<OwnAccount>();
        services.AddScoped<AuthenticationStateProvider, RevalidatingSession>();
        services.AddScoped(ConsoleUserOf);
        services.AddHttpContextAccessor();
        services.AddDbContext<ConsoleContext>((provider, o) => ConsoleContext.Configure(o).UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>(), ConsoleContext.Migrations));
        AddKeys(services);
        AddIdentity(services, settings);
        AddSchemes(services, settings);
        services.AddAuthorization(Policies.Configure);
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = "payflow.antiforgery";
            o.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddHsts(o => o.MaxAge = TimeSpan.FromDays(365));
        services.Configure<ForwardedHeadersOptions>(o => Forward(o, settings));
        return services;
    }

    public static void UseConsoleSecurity(this WebApplication host)
    {
        if (host.Services.GetRequiredService<SecuritySettings>().TrustedProxies.Count > 0)
            host.UseForwardedHeaders();
        SecurityHeaders.Use(host);
        host.UseHsts();
        AddressText.Use(host);
        ApiProblems.Use(host);
        host.UseAuthentication();
        // Behind it, so that a user is counted by name; before authorization, so that whoever is refused is counted too.
        host.UseRateLimiter();
        host.UseAuthorization();
        host.UseAntiforgery();
    }

    private static ConsoleUser ConsoleUserOf(IServiceProvider provider)
    {
        var state = provider.GetRequiredService<AuthenticationStateProvider>();
        // The server's provider has its answer before anything is rendered, so nothing is waited for.
        return new ConsoleUser(() => state.GetAuthenticationStateAsync() is { IsCompletedSuccessfully: true } known ? known.Result.User : new());
    }

    private static void AddKeys(IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("PayFlow");
        services.AddSingleton<DataProtectionKeys>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(o => o.XmlRepository = provider.GetRequiredService<DataProtectionKeys>()));
    }

    private static void AddIdentity(IServiceCollection services, SecuritySettings settings)
    {
        services.AddIdentityCore<ConsoleAccount>(o =>
            {
                PasswordRules.Configure(o.Password);
                o.User.RequireUniqueEmail = true;
                // The user name is the address, which is checked as such.
                o.User.AllowedUserNameCharacters = string.Empty;
                o.Lockout.MaxFailedAccessAttempts = 5;
                o.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(15);
                o.Tokens.AuthenticatorIssuer = "PayFlow Sync";
            })
            .AddRoles<IdentityRole<Guid>>()
            .AddEntityFrameworkStores<ConsoleContext>()
            .AddSignInManager<ConsoleSignInManager>()
            .AddPasswordValidator<PasswordRules>()
            .AddDefaultTokenProviders();
        services.Configure<SecurityStampValidatorOptions>(o => o.ValidationInterval = settings.SessionCheck);
    }

    private static void AddSchemes(IServiceCollection services, SecuritySettings settings)
    {
        var authentication = services.AddAuthentication(o =>
        {
            o.DefaultScheme = BearerOrCookie;
            o.DefaultSignInScheme = IdentityConstants.ApplicationScheme;
        });
        authentication.AddIdentityCookies(cookies =>
        {
            cookies.ApplicationCookie!.Configure(o =>
            {
                o.Cookie.Name = SessionCookie;
                Protect(o.Cookie);
                o.ExpireTimeSpan = SessionLife;
                o.SlidingExpiration = true;
                o.LoginPath = AccountPaths.SignIn;
                o.LogoutPath = AccountPaths.SignOut;
                o.AccessDeniedPath = AccountPaths.Denied;
                o.ReturnUrlParameter = "returnUrl";
            });
            cookies.TwoFactorUserIdCookie!.Configure(o =>
            {
                o.Cookie.Name = "payflow.code";
                Protect(o.Cookie);
            });
        });
        authentication.AddPolicyScheme(BearerOrCookie, null, o => o.ForwardDefaultSelector = SchemeOf);
        authentication.AddJwtBearer();
        authentication.AddScheme<AuthenticationSchemeOptions, DeviceAuthentication>(HostLine.Scheme, null);
        services.AddSingleton<ApiTokens>();
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>>(provider => provider.GetRequiredService<ApiTokens>());
    }

    // Whoever asks for figures without a session is a program: it is told that a token is missing, and not shown a form.
    private static string SchemeOf(HttpContext context) =>
        DeviceAuthentication.IsOfDevice(context) ? HostLine.Scheme
        : context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        || (context.Request.Path.StartsWithSegments("/metrics") || context.Request.Path.StartsWithSegments("/openapi"))
            && (context.Request.Headers.Authorization.Count > 0 || !context.Request.Cookies.ContainsKey(SessionCookie))
            ? JwtBearerDefaults.AuthenticationScheme
            : IdentityConstants.ApplicationScheme;

    private static void Protect(CookieBuilder cookie)
    {
        cookie.HttpOnly = true;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.IsEssential = true;
    }

    private static void Forward(ForwardedHeadersOptions options, SecuritySettings settings)
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var network in settings.TrustedProxies)
            options.KnownIPNetworks.Add(network);
    }
}
