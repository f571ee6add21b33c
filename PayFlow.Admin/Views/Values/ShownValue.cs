namespace PayFlow.Admin.Views.Values;

/// <summary>A value as it is shown.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Parts">Its text.</param>
/// <param name="Note">What else there is to know: length and hash of bytes.</param>
public sealed record ShownValue(ShownKind Kind, IReadOnlyList<TextPart> Parts, string? Note = null)
{
    /// <summary>Without marks, for people who hear the page.</summary>
    public string Plain => string.Concat(Parts.Select(p => p.Text));
}
