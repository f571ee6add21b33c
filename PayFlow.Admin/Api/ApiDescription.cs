using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace PayFlow.Admin.Api;

/// <summary>What the OpenAPI document says about the API as a whole.</summary>
internal sealed class ApiDescription : IOpenApiDocumentTransformer
{
    private const string Scheme = "Bearer";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "PayFlow Sync",
            Version = ApiServices.DocumentName,
            Description = "Get a token from POST /api/auth/token and send it as \"Authorization: Bearer …\". What cannot be done is answered with problem details (RFC 9457) that carry code and hint.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" };
        foreach (var (path, item) in document.Paths)
        {
            foreach (var operation in item.Operations?.Values.Where(_ => !path.StartsWith("/api/auth", StringComparison.Ordinal)) ?? [])
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        }
        // The host's own address is the caller's to know: behind a proxy this one would be wrong.
        document.Servers?.Clear();
        return Task.CompletedTask;
    }
}
