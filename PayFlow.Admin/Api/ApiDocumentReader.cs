using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace PayFlow.Admin.Api;

/// <summary>Reads the OpenAPI document as it is served.</summary>
internal sealed class ApiDocumentReader([FromKeyedServices(ApiServices.DocumentName)] IOpenApiDocumentProvider provider)
{
    public async Task<ApiDocument> ReadAsync(CancellationToken cancellationToken)
    {
        var document = await provider.GetOpenApiDocumentAsync(cancellationToken);
        using var json = JsonDocument.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken));
        var root = json.RootElement;
        var operations = root.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Where(m => m.Value.ValueKind == JsonValueKind.Object).Select(method => Operation(root, path.Name, method.Name, method.Value))).ToList();
        return new ApiDocument(Text(root.GetProperty("info"), "description"), operations);
    }

    private static ApiOperation Operation(JsonElement root, string path, string method, JsonElement operation)
    {
        var parameters = Items(operation, "parameters").Select(p => new ApiParameter(Text(p, "name") ?? string.Empty, Text(p, "in") ?? string.Empty, TypeOf(root, Get(p, "schema")), Get(p, "required") is { ValueKind: JsonValueKind.True })).ToList();
        var body = Get(Get(Get(Get(operation, "requestBody"), "content"), "application/json"), "schema");
        var answers = Get(operation, "responses") is { ValueKind: JsonValueKind.Object } responses ? responses.EnumerateObject().Select(r => r.Name).ToList() : [];
        return new ApiOperation(Text(operation, "operationId") ?? path, method.ToUpperInvariant(), path, Text(operation, "summary"), Text(operation, "description"), parameters, Fields(root, body), answers);
    }

    private static List<ApiParameter> Fields(JsonElement root, JsonElement? schema) =>
        Get(Resolve(root, schema), "properties") is { ValueKind: JsonValueKind.Object } properties
            ? [.. properties.EnumerateObject().Select(p => new ApiParameter(p.Name, "body", TypeOf(root, p.Value), false))]
            : [];

    private static JsonElement? Resolve(JsonElement root, JsonElement? schema) =>
        Text(schema, "$ref") is { } reference ? Get(Get(Get(root, "components"), "schemas"), reference[(reference.LastIndexOf('/') + 1)..]) : schema;

    private static string TypeOf(JsonElement root, JsonElement? schema) => Get(Resolve(root, schema), "type") switch
    {
        { ValueKind: JsonValueKind.String } one => one.GetString()!,
        { ValueKind: JsonValueKind.Array } several => string.Join(" or ", several.EnumerateArray().Select(t => t.GetString())),
        _ => "any",
    };

    private static JsonElement? Get(JsonElement? element, string name) => element is { ValueKind: JsonValueKind.Object } o && o.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement? element, string name) => Get(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement.ArrayEnumerator Items(JsonElement element, string name) => Get(element, name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : default;
}
