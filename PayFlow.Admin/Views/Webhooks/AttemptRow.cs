namespace PayFlow.Admin.Views.Webhooks;

/// <summary>One attempt of a delivery.</summary>
/// <param name="Number">From 1.</param>
/// <param name="At">When it began.</param>
/// <param name="Host">Who sent it.</param>
/// <param name="Duration">Until the answer was read.</param>
/// <param name="RequestHeaders">Name and value.</param>
/// <param name="Status">Null when nothing came back.</param>
/// <param name="ResponseHeaders">Name and value.</param>
/// <param name="ResponseBody">Its beginning.</param>
/// <param name="IsCut">There was more of it.</param>
/// <param name="Error">Why it does not count as delivered; null when it does.</param>
/// <param name="Hint">What to do.</param>
internal sealed record AttemptRow(
    int Number, DateTimeOffset At, string Host, TimeSpan Duration, IReadOnlyDictionary<string, string> RequestHeaders, int? Status, IReadOnlyDictionary<string, string> ResponseHeaders, string? ResponseBody, bool IsCut, string? Error, string? Hint);
