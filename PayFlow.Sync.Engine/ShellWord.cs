using System.Text.RegularExpressions;

namespace PayFlow.Sync.Engine;

/// <summary>A name or key as one word of a POSIX shell, so that a command that is printed can be pasted.</summary>
public static partial class ShellWord
{
    public static string Of(string text) => Plain().IsMatch(text) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^[\w./:@%+,=-]+$")]
    private static partial Regex Plain();
}
