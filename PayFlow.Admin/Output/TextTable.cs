using Spectre.Console;

namespace PayFlow.Admin.Output;

/// <summary>A small table: texts to the left, figures to the right, columns without a figure left out.</summary>
internal sealed class TextTable(params string[] texts)
{
    private readonly List<(string[] Texts, long[] Figures)> _rows = [];
    private string[] _figures = [];

    public bool IsEmpty => _rows.Count == 0;

    /// <summary>Columns of numbers, behind the texts. One that is zero in every row is not shown.</summary>
    public TextTable WithFigures(params string[] names)
    {
        _figures = names;
        return this;
    }

    public void Add(string[] row, params long[] figures) => _rows.Add((row, figures));

    /// <summary>The table's lines, without the blanks that would trail them.</summary>
    public IEnumerable<string> Lines(int width)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
        console.Profile.Width = width;
        Write(console);
        return [.. text.ToString().Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0)];
    }

    private void Write(IAnsiConsole console)
    {
        var used = Enumerable.Range(0, _figures.Length).Where(i => _rows.Any(r => r.Figures[i] != 0)).ToArray();
        var table = new Table { Border = TableBorder.Simple };
        foreach (var name in texts)
            table.AddColumn(new TableColumn(Markup.Escape(name)));
        foreach (var i in used)
            table.AddColumn(new TableColumn(Markup.Escape(_figures[i])) { Alignment = Justify.Right });
        foreach (var (row, figures) in _rows)
            table.AddRow([.. row.Select(t => new Text(t)), .. used.Select(i => new Text(figures[i] == 0 ? "·" : Figures.Count(figures[i])))]);
        console.Write(table);
    }
}
