namespace PayFlow.Admin.Api;

/// <summary>The decision of one conflict.</summary>
/// <param name="Id">The conflict's number.</param>
/// <param name="ExpectedVersion">The version that was looked at.</param>
/// <param name="Take"><c>terminal</c> or <c>central</c>; where one side deleted the row also <c>keep</c> or <c>delete</c>. Decides the fields that <paramref name="Fields"/> does not name.</param>
/// <param name="Fields">By the terminal's column names: <c>{"take":"terminal"}</c> (or <c>central</c>, <c>base</c>), or <c>{"value":…}</c>.</param>
/// <param name="Reason">Why, for the audit.</param>
internal sealed record ResolveRequest(long? Id, int? ExpectedVersion, string? Take = null, IReadOnlyDictionary<string, ResolveField>? Fields = null, string? Reason = null);
