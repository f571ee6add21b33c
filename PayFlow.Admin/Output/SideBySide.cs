namespace PayFlow.Admin.Output;

/// <summary>Rows with a mark and a name, and one column for each side; what does not fit is wrapped, so that a page 80 columns wide is enough.</summary>
internal sealed class SideBySide(params string[] sides)
{
    private const int Width = 79;
    private const int Gap = 2;
    private const int LongestName = 20;

    private readonly List<(string Mark, string Name, string[] Values)> _rows = [];

    public void Add(string mark, string name, params string[] values) => _rows.Add((mark, name, values));

    public IEnumerable<string> Lines()
    {
        var name = Math.Min(LongestName, _rows.Select(r => r.Name.Length).Append(4).Max());
        var space = (Width - 4 - name - Gap * sides.Length) / sides.Length;
        var widths = sides.Select((s, i) => Math.Min(space, _rows.Select(r => r.Values[i].Length).Append(s.Length).Max())).ToArray();
        yield return Line(string.Empty, string.Empty, name, [.. sides.Select((s, i) => s.Length > widths[i] ? s[..widths[i]] : s)], widths);
        foreach (var row in _rows)
        {
            var wrapped = row.Values.Select((v, i) => Wrap(v, widths[i])).Prepend(Wrap(row.Name, name)).ToArray();
            for (var line = 0; line < wrapped.Max(w => w.Count); line++)
                yield return Line(line == 0 ? row.Mark : string.Empty, Part(wrapped[0], line), name, [.. wrapped.Skip(1).Select(w => Part(w, line))], widths);
        }
    }

    private static string Line(string mark, string name, int width, string[] values, int[] widths) =>
        ($"  {mark,-1} {name.PadRight(width)}" + string.Concat(values.Select((v, i) => new string(' ', Gap) + v.PadRight(widths[i])))).TrimEnd();

    private static string Part(List<string> lines, int line) => line < lines.Count ? lines[line] : string.Empty;

    private static List<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            for (var at = 0; at == 0 || at < line.Length; at += width)
                lines.Add(line[at..Math.Min(line.Length, at + width)]);
        }
        return lines;
    }
}
