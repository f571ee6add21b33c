using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Recognises what a text can be read as. Strict on purpose: whatever PostgreSQL would read but write differently is no match.</summary>
internal static partial class TextForm
{
    /// <summary>Those of <paramref name="asked"/> that fit the text.</summary>
    public static TextForms Of(string text, TextForms asked)
    {
        var found = TextForms.None;
        foreach (var form in Enum.GetValues<TextForms>())
        {
            if (form is not TextForms.None and not TextForms.All && asked.HasFlag(form) && Fits(text, form))
                found |= form;
        }
        return found;
    }

    private static bool Fits(string text, TextForms form) => form switch
    {
        TextForms.Decimal => DecimalPattern().IsMatch(text),
        TextForms.Date => text.Length == 10 && IsInstant(text),
        TextForms.Instant => IsInstant(text),
        TextForms.ZonedInstant => text.Length > 10 && text[^1] == 'Z' && IsInstant(text[..^1]),
        TextForms.Time => TimePattern().IsMatch(text),
        TextForms.Uuid => UuidPattern().IsMatch(text),
        _ => IsJson(text),
    };

    private static bool IsInstant(string text) =>
        InstantPattern().IsMatch(text)
        && DateOnly.TryParseExact(text.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex DecimalPattern();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6}0*)?)?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex InstantPattern();

    [GeneratedRegex(@"^(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6}0*)?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex TimePattern();

    [GeneratedRegex(@"^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\z", RegexOptions.CultureInvariant)]
    private static partial Regex UuidPattern();
}
