namespace PayFlow.Admin.Api;

/// <summary>A parameter of an operation, or a field of its body.</summary>
internal sealed record ApiParameter(string Name, string In, string Type, bool IsRequired);
