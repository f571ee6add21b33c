using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using PayFlow.Admin.Views;
using Xunit;

namespace PayFlow.Admin.Tests.Views;

public sealed partial class ConsoleHintTests
{
    [Theory]
    [InlineData("Run: payflow attach --sqlite FILE --terminal ID", "Attach the file under Terminals, Attach a file.")]
    [InlineData("There is no terminal yet: attach one with payflow attach.", "There is no terminal yet: attach one under Terminals, Attach a file.")]
    [InlineData("Sync the terminal first: payflow sync --sqlite /srv/t1.db", "Sync the terminal first with Sync now on its page.")]
    [InlineData("its rows wait to be compared for the first time: run payflow bootstrap", "Its rows wait to be compared for the first time: run the bootstrap on the terminal's page")]
    [InlineData("payflow verify shows what differs, and payflow repair mends it.", "A verify, under Consistency, shows what differs, and a repair mends it.")]
    [InlineData("Look again, then decide: payflow conflicts show 17", "Look again, then decide: conflict 17.")]
    [InlineData("Central keeps it: payflow repair --from central brings it to the tills.", "Central keeps it: a repair from central, under Consistency, brings it to the tills.")]
    [InlineData("See what it would do with --dry-run, then say --yes.", "Look at the preview, then confirm it.")]
    [InlineData("Wait until it ends -- or cancel it.", "Wait until it ends -- or cancel it.")]
    public void A_hint_names_what_the_console_has(string hint, string said) => Assert.Equal(said, ConsoleHint.Text(hint));

    [Fact]
    public void What_no_page_can_do_is_a_command_apart_from_the_words()
    {
        var parts = ConsoleHint.Parts("If it is a till of its own, register it: payflow attach --as-new --terminal NEW-ID. If it is the right file, restored or moved on purpose: payflow sync --accept-moved.");

        Assert.Equal(
            [
                new("If it is a till of its own, register it under Terminals, Attach a file, ticked as a copy of another till's. If it is the right file, restored or moved on purpose: ", false),
                new("payflow sync --accept-moved", true),
                new(".", false),
            ],
            parts);
        Assert.Equal("payflow rollback 7f --sqlite FILE", Assert.Single(ConsoleHint.Parts("Call it where the file is: payflow rollback 7f --sqlite FILE"), p => p.IsCommand).Text);
        Assert.Empty(ConsoleHint.Parts(null));
    }

    [Fact]
    public void No_text_of_the_engine_speaks_the_command_lines_words_to_the_browser()
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));
        var wrong = new List<string>();
        var seen = 0;
        foreach (var file in new[] { "PayFlow.Sync.Engine", "PayFlow.Admin/Jobs", "PayFlow.Admin/Views", "PayFlow.Admin/Components" }.SelectMany(f => Directory.EnumerateFiles(Path.Combine(root, f), "*.cs", SearchOption.AllDirectories)))
        {
            if (file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) || file.EndsWith("ConsoleHint.cs", StringComparison.Ordinal))
                continue;
            foreach (Match text in Literal().Matches(File.ReadAllText(file)))
            {
                seen++;
                var words = string.Concat(ConsoleHint.Parts(text.Groups[1].Value).Where(p => !p.IsCommand).Select(p => p.Text));
                if (Commandish().IsMatch(words))
                    wrong.Add($"{Path.GetFileName(file)}: {words}");
            }
        }

        Assert.True(seen > 30, $"Only {seen} texts were found: are the sources where the test looks?");
        Assert.Empty(wrong);
    }

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex("""\$?"([^"\r\n]*(?:payflow (?:attach|bootstrap|conflicts|detach|provision|queue|repair|rollback|runs|schema|status|sync|verify)\b|--[a-z]{3,})[^"\r\n]*)"(?!")""")]
    private static partial Regex Literal();

    [GeneratedRegex(@"payflow (?:attach|bootstrap|conflicts|detach|provision|queue|repair|rollback|runs|schema|status|sync|verify)\b|--[a-z]{3,}")]
    private static partial Regex Commandish();
}
