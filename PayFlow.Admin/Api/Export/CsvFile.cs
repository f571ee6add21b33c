using System.Globalization;
using System.Text;

namespace PayFlow.Admin.Api.Export;

/// <summary>Writes comma-separated values (RFC 4180), UTF-8, row by row as they are read. Texts that a spreadsheet would take for a formula get a leading apostrophe.</summary>
internal sealed class CsvFile(Stream stream) : IAsyncDisposable
{
    // With a byte order mark: without it Excel reads UTF-8 as something else.
    private readonly StreamWriter _writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), 64 * 1024, leaveOpen: true) { NewLine = "\r\n" };

    /// <summary>One line. Numbers and instants are written as such, everything else as text.</summary>
    public Task WriteAsync(params ReadOnlySpan<object?> values)
    {
        var line = new StringBuilder();
        for (var i = 0; i < values.Length; i++)
            line.Append(i == 0 ? string.Empty : ",").Append(Field(values[i]));
        return _writer.WriteLineAsync(line);
    }

    public async ValueTask DisposeAsync() => await _writer.DisposeAsync();

    private static string Field(object? value) => value switch
    {
        null => string.Empty,
        long or int or double or decimal => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        DateTimeOffset at => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        _ => Quote(Harmless(Convert.ToString(value, CultureInfo.InvariantCulture)!)),
    };

    /// <summary>Text that no spreadsheet computes: <c>=1+1</c> becomes <c>'=1+1</c> (OWASP, CSV injection).</summary>
    internal static string Harmless(string text) => text.TrimStart(' ') is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠', ..] ? "'" + text : text;

    private static string Quote(string text) => text.AsSpan().ContainsAny("\",\r\n;") || text is [' ', ..] or [.., ' '] ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
