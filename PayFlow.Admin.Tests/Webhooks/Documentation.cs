using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace PayFlow.Admin.Tests.Webhooks;

/// <summary>What docs/webhooks.md promises.</summary>
internal static partial class Documentation
{
    public static string Text { get; } = File.ReadAllText(Path.Combine(Folder(), "docs", "webhooks.md"));

    /// <summary>Each payload by its type.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Payloads { get; } = Json().Matches(Text).Select(m => JsonDocument.Parse(m.Groups[1].Value).RootElement).ToDictionary(e => e.GetProperty("type").GetString()!);

    /// <summary>A call has just the members that the document shows.</summary>
    public static void AssertShows(ReceivedCall call)
    {
        var shown = Payloads[call.Type!];
        Assert.Equal(Names(shown), Names(call.Json));
        Assert.Equal(Names(shown.GetProperty("data")), Names(call.Data));
    }

    /// <summary>The first block of code in a language.</summary>
    public static string Code(string language) => Regex.Match(Text, $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    public static string Vector(string name) => Regex.Match(Text, $@"^{name} +(\S.*)$", RegexOptions.Multiline).Groups[1].Value.TrimEnd();

    private static string Names(JsonElement element) => string.Join(' ', element.EnumerateObject().Select(p => p.Name));

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PayFlow.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Json();
}
