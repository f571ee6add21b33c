using System.Text.Json;

namespace PayFlow.Admin.Api;

/// <summary>What becomes of one field.</summary>
/// <param name="Take">The side whose value it gets: <c>terminal</c>, <c>central</c> or <c>base</c>.</param>
/// <param name="Value">A value of its own: text, number, true, false or null.</param>
internal sealed record ResolveField(string? Take = null, JsonElement? Value = null);
