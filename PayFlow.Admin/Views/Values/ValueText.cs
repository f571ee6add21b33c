using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Views.Values;

/// <summary>Shows values so that what differs can be seen: money with its scale, blanks and control signs as marks, bytes by length and hash.</summary>
internal static class ValueText
{
    private const int ShortLength = 60;
    private const int HashDigits = 16;

    /// <param name="value">Null where a side has none.</param>
    /// <param name="column">Its column, where known.</param>
    public static ShownValue Of(CellValue? value, RowColumn? column) => value switch
    {
        null => new(ShownKind.Missing, []),
        { IsNull: true } => new(ShownKind.Null, [new("NULL", false)]),
        { Kind: CellKind.Blob } bytes => Bytes(bytes.AsBlob),
        { Kind: CellKind.LocalReference } reference => new(ShownKind.Text, Marked(reference.AsText), $"the terminal's own {column?.References ?? "row"}"),
        { } some when column?.Logical == LogicalType.Boolean && some.Kind == CellKind.Integer => Plain(ShownKind.Text, some.AsInteger == 0 ? "false" : "true"),
        { } some when column?.Logical is LogicalType.Decimal or LogicalType.Integer or LogicalType.Float || some.Kind is CellKind.Integer or CellKind.Real => Number(some, column),
        { } text when text.AsText.Length == 0 => Plain(ShownKind.Empty, "empty text"),
        { } text => new(ShownKind.Text, Marked(text.AsText)),
    };

    /// <summary>For sentences.</summary>
    public static string Short(in CellValue value)
    {
        var shown = Of(value, null);
        var text = shown.Kind == ShownKind.Text ? $"'{shown.Plain.ReplaceLineEndings(string.Empty)}'" : shown.Plain;
        return text.Length > ShortLength ? text[..(ShortLength - 1)] + "…" : text;
    }

    /// <summary>Texts that look the same: only blanks, and what cannot be seen, are different.</summary>
    public static bool IsAlike(in CellValue one, in CellValue other) =>
        one.Kind == CellKind.Text && other.Kind == CellKind.Text && Bare(one.AsText) == Bare(other.AsText);

    private static string Bare(string text) => string.Concat(text.Normalize(NormalizationForm.FormC).Where(c => !IsUnseen(c) && !char.IsWhiteSpace(c)));

    private static ShownValue Plain(ShownKind kind, string text) => new(kind, [new(text, false)]);

    private static ShownValue Bytes(byte[] bytes) =>
        new(ShownKind.Bytes, [new(bytes.Length == 1 ? "1 byte" : $"{bytes.Length.ToString("N0", CultureInfo.InvariantCulture)} bytes", false)], $"SHA-256 {Convert.ToHexStringLower(SHA256.HashData(bytes))[..HashDigits]}…");

    // A terminal may hold 1.5 where central keeps 1.50: shown with the column's scale, they look as equal as they are.
    private static ShownValue Number(in CellValue value, RowColumn? column)
    {
        if (!ExactDecimal.TryRead(value, out var number))
            return value.Kind == CellKind.Text ? new(ShownKind.Text, Marked(value.AsText)) : Plain(ShownKind.Number, value.ToString());
        var text = number.ToString();
        if (column?.Scale is not (> 0 and var scale) || number.Scale > scale)
            return Plain(ShownKind.Number, text);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return Plain(ShownKind.Number, point < 0 ? $"{text}.{new string('0', scale)}" : text.PadRight(point + 1 + scale, '0'));
    }

    private static List<TextPart> Marked(string text)
    {
        var parts = new List<TextPart>();
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (MarkOf(text, i) is not { } mark)
            {
                plain.Append(text[i]);
                continue;
            }
            if (plain.Length > 0)
                parts.Add(new TextPart(plain.ToString(), false));
            plain.Clear();
            parts.Add(new TextPart(mark, true));
        }
        if (plain.Length > 0)
            parts.Add(new TextPart(plain.ToString(), false));
        return parts;
    }

    private static string? MarkOf(string text, int i) => text[i] switch
    {
        // One blank between two words is what everybody expects.
        ' ' => i == 0 || i == text.Length - 1 || text[i - 1] is ' ' or '\n' || text[i + 1] is ' ' or '\n' or '\r' ? "·" : null,
        '\n' => "⏎\n",
        '\r' => i + 1 < text.Length && text[i + 1] == '\n' ? "␍" : "␍\n",
        '\t' => "⇥",
        '\u00a0' => "⍽",
        < ' ' => ((char)('\u2400' + text[i])).ToString(),
        '\u007f' => "␡",
        var c when IsUnseen(c) => string.Create(CultureInfo.InvariantCulture, $"[U+{(int)c:X4}]"),
        _ => null,
    };

    // Zero-width signs, and those that turn the direction of what follows.
    private static bool IsUnseen(char c) => CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || c is not ' ' && CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator && c != '\u00a0';
}
