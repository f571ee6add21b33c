namespace PayFlow.Admin.Views.Overview;

/// <summary>One thing that needs somebody, the worst first, with the list that shows it.</summary>
/// <param name="Tone">As in <see cref="StatusLook"/>.</param>
/// <param name="Text">What it is, with its count.</param>
/// <param name="Url">Where to see it.</param>
/// <param name="Detail">The reason or the remedy; null when the text says all.</param>
public sealed record Attention(string Tone, string Text, string Url, string? Detail = null);
