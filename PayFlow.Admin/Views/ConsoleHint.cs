using System.Text.RegularExpressions;

namespace PayFlow.Admin.Views;

/// <summary>
/// The engine's hints in the words of the browser. They name the command line's verbs, because it can do everything; somebody who reads them here has pages and buttons.
/// What no page can do stays a command, to be copied and run on the host.
/// </summary>
internal static partial class ConsoleHint
{
    private const string Attach = "under Terminals, Attach a file";

    private static readonly (Regex Command, string Words)[] Words =
    [
        .. Rules(
            // Attach, detach, provision
            (@"^Run: payflow attach --sqlite \S+ --terminal \S+", $"Attach the file {Attach}."),
            (@":? (with )?payflow attach --as-new --terminal [\w-]+", $" {Attach}, ticked as a copy of another till's"),
            (@": payflow attach --sqlite \S+ --terminal \S+", $" {Attach}."),
            (@"attach one with payflow attach", $"attach one {Attach}"),
            (@"attach it with --as-new", "attach it ticked as a copy of another till's"),
            (@"run payflow detach and then payflow attach", "detach it on its page and attach its file again"),
            (@"detach with --force", "detach it on its page all the same"),
            (@"Check the path given by --sqlite or SQLITE_PATH_LOCAL", "Check the path: it is one of this host"),
            (@"Create the missing tables with payflow provision, or give a table map with --map", "Create central's missing tables, as offered below, or describe in the table map how they are called there"),
            (@"another --terminal\b", "another id"),
            (@"--attribute (\S+?)=VALUE", "$1=…"),
            // Another central
            (@"name that one: --central, or --data for the folder with its private PostgreSQL", "use the console of that one"),
            (@"Name the central that it is attached to: --central, or --data for the folder with its private PostgreSQL", "Use the console of the central that it is attached to"),
            // The address of a host
            (@" \(--url\)", ""),
            (@"(?<=: )--url (?=\S)", ""),
            // Sync, bootstrap, schema
            (@": payflow sync --sqlite \S+", " with Sync now on its page."),
            (@"run payflow bootstrap", "run the bootstrap on the terminal's page"),
            (@"and run payflow schema if it stays", "and check the table map if it stays"),
            // Verify, repair, roll back
            (@"Look at payflow verify first", "Verify it first, under Consistency"),
            (@"with a higher --limit, or table by table with --tables", "with a higher limit, or table by table"),
            (@"See what it would do with --dry-run, then say --yes", "Look at the preview, then confirm it"),
            (@"payflow repair --from (central|terminal)", "a repair from $1, under Consistency,"),
            (@"payflow verify", "a verify, under Consistency,"),
            (@"payflow repair", "a repair"),
            (@": payflow runs\b", "."),
            (@"payflow runs lists the last ones with their ids", "Runs lists the last ones"),
            (@"payflow status lists all that it knows", "Terminals lists all that it knows"),
            // Queue
            (@"payflow queue list --sqlite FILE shows what does", "The terminal's queue shows what does"),
            (@": payflow queue list --table (\S+)", " in the queue, table $1."),
            (@": payflow queue (show|discard)", ""),
            // Conflicts
            (@"payflow conflicts list --table (\S+?), then payflow conflicts resolve ID --take central", "Decide it for central, under Conflicts, table $1"),
            (@"payflow conflicts list --table (\S+) shows it; payflow conflicts resolve decides it", "It is decided under Conflicts, table $1"),
            (@"payflow conflicts list shows those that there are", "Conflicts lists those that there are"),
            (@": payflow conflicts show (\S+)", ": conflict $1."),
            (@", or take central: --set \S+=…", ", or take central")),
    ];

    /// <summary>The hint as words alone, where there is no room for a command to copy.</summary>
    public static string? Text(string? hint)
    {
        if (hint is null || !Mentions(hint))
            return hint;
        foreach (var (command, words) in Words)
            hint = command.Replace(hint, words);
        hint = hint.Replace("..", ".", StringComparison.Ordinal).Replace(",.", ".", StringComparison.Ordinal).Replace(",;", ";", StringComparison.Ordinal);
        return hint.Length > 0 ? char.ToUpperInvariant(hint[0]) + hint[1..] : hint;
    }

    /// <summary>The hint, with what is left of the command line apart from the words.</summary>
    public static IReadOnlyList<HintPart> Parts(string? hint)
    {
        var parts = new List<HintPart>();
        var text = Text(hint) ?? string.Empty;
        var at = 0;
        foreach (Match command in Command().Matches(text))
        {
            if (command.Index > at)
                parts.Add(new(text[at..command.Index], false));
            parts.Add(new(command.Value, true));
            at = command.Index + command.Length;
        }
        if (at < text.Length)
            parts.Add(new(text[at..], false));
        return parts;
    }

    private static bool Mentions(string hint) => hint.Contains("payflow ", StringComparison.Ordinal) || hint.Contains("--", StringComparison.Ordinal);

    private static IEnumerable<(Regex, string)> Rules(params (string Command, string Words)[] rules) => rules.Select(r => (new Regex(r.Command, RegexOptions.CultureInvariant), r.Words));

    // A verb with its options, up to the end of the sentence.
    [GeneratedRegex(@"payflow [a-z]+(?: (?:(?!\.(?:\s|$))[^\s;,])+)*", RegexOptions.CultureInvariant)]
    private static partial Regex Command();
}
