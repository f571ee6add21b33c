namespace PayFlow.Admin.Api;

/// <summary>The OpenAPI document as a page shows it.</summary>
internal sealed record ApiDocument(string? Description, IReadOnlyList<ApiOperation> Operations);
