namespace PayFlow.Admin.Hosting.Telemetry;

/// <summary>One figure of the chain at a moment.</summary>
/// <param name="Name">As OpenTelemetry spells it: <c>payflow.queue.rows</c>.</param>
/// <param name="Help">What it is.</param>
/// <param name="Value">How much.</param>
/// <param name="Tags">Of what: terminal, state.</param>
internal sealed record Reading(string Name, string Help, double Value, params KeyValuePair<string, object?>[] Tags);
