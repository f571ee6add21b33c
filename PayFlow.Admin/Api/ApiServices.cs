using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using PayFlow.Admin.Security;

namespace PayFlow.Admin.Api;

/// <summary>The HTTP API's part of the host.</summary>
internal static class ApiServices
{
    public const string Prefix = "/api";

    public const string DocumentName = "v1";

    public const string DocumentPath = "/openapi/v1.json";

    /// <summary>Requests are a few names and values.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    public static IServiceCollection AddConsoleApi(this IServiceCollection services, SecuritySettings settings)
    {
        services.AddSingleton<SyncStatusReader>();
        services.AddSingleton<DefaultScheduleSetting>();
        services.AddSingleton<ApiDocumentReader>();
        services.AddRateLimiter(o => ApiRateLimits.Configure(o, settings));
        services.AddOpenApi(DocumentName, o => o.AddDocumentTransformer<ApiDescription>());
        // A misspelt field is told, not ignored.
        services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            o.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
        });
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        return services;
    }

    public static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments(Prefix, StringComparison.OrdinalIgnoreCase);

    public static void MapConsoleApi(this WebApplication host)
    {
        var api = host.MapGroup(Prefix).WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes)).DisableAntiforgery();
        api.MapToken();
        api.MapSync();
        host.MapOpenApi("/openapi/{documentName}.json").RequireAuthorization(Policies.View).ExcludeFromDescription();
    }
}
