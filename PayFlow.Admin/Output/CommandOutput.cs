using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace PayFlow.Admin.Output;

/// <summary>Where a verb prints: results to standard output, everything else to standard error.</summary>
internal sealed class CommandOutput(TextWriter output, TextWriter error, bool isJson)
{
    /// <summary>Wide enough that no table wraps when it goes into a file or another program.</summary>
    private const int UnboundedWidth = 240;

    private const int NarrowWidth = 60;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>True when standard output is one JSON document and nothing else.</summary>
    public bool IsJson => isJson;

    /// <summary>Progress may move on the screen.</summary>
    public bool IsLive { get; } = ReferenceEquals(error, System.Console.Error) && !System.Console.IsErrorRedirected;

    /// <summary>Standard error as Spectre.Console sees it.</summary>
    public IAnsiConsole Live { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });

    /// <summary>A line of the result; nothing with <c>--json</c>.</summary>
    public void Line(string text = "")
    {
        if (!isJson)
            output.WriteLine(text);
    }

    /// <summary>A line about what goes on, to standard error.</summary>
    public void Note(string text) => error.WriteLine(text);

    /// <summary>The result as the one JSON document.</summary>
    public void Json(object document)
    {
        if (isJson)
            output.WriteLine(JsonSerializer.Serialize(document, Format));
    }

    /// <param name="table">The table.</param>
    /// <param name="piped">How wide it may be where there is no screen.</param>
    public void Table(TextTable table, int piped = UnboundedWidth)
    {
        var width = ReferenceEquals(output, System.Console.Out) && !System.Console.IsOutputRedirected ? Math.Max(NarrowWidth, System.Console.WindowWidth) : piped;
        foreach (var line in table.Lines(width))
            Line(line);
    }
}
