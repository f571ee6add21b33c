namespace PayFlow.Admin.Api;

/// <summary>One operation of the API.</summary>
internal sealed record ApiOperation(string Id, string Method, string Path, string? Summary, string? Description, IReadOnlyList<ApiParameter> Parameters, IReadOnlyList<ApiParameter> Body, IReadOnlyList<string> Answers);
