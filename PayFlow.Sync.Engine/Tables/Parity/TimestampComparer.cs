using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Looks for the column that says when a row was last written, which only some settings need.</summary>
internal static class TimestampComparer
{
    private const string Upkeep = " Whoever writes the table has to keep it up to date.";

    public static IEnumerable<SchemaFinding> Compare(TablePair pair)
    {
        var (terminal, central) = (pair.Terminal!, pair.Central!);
        var columns = Columns(pair);
        var lacksTerminal = Timestamps.OfTerminal(terminal, columns) is null;
        var lacksCentral = Timestamps.OfCentral(central, columns) is null;
        var byTime = pair.Entry.Conflicts == ConflictPolicy.LastWriterWins;
        var needsTerminal = byTime || (pair.Pulls && pair.Entry.TerminalCapture == CaptureMode.Timestamp);
        var needsCentral = byTime || (pair.Pushes && pair.Entry.CentralCapture == CaptureMode.Timestamp);

        if (lacksTerminal && needsTerminal)
            yield return Needed(DatabaseSide.Terminal, pair.TerminalName, $"ALTER TABLE {SqliteName.Quote(terminal.Name)} ADD COLUMN updated_at TEXT;{Upkeep}");
        if (lacksCentral && needsCentral)
            yield return Needed(DatabaseSide.Central, pair.CentralName, $"ALTER TABLE {PostgresName.Quote(central)} ADD COLUMN updated_at timestamp with time zone NOT NULL DEFAULT now();{Upkeep}");
        if ((lacksTerminal && !needsTerminal) || (lacksCentral && !needsCentral))
        {
            var (side, table) = lacksTerminal && !needsTerminal ? (DatabaseSide.Terminal, pair.TerminalName) : (DatabaseSide.Central, pair.CentralName);
            yield return new SchemaFinding(
                FindingSeverity.Info, side, table, null, $"there is no timestamp column ({Timestamps.Names}); only timestamp capture and last-writer-wins would need one");
        }
    }

    private static SchemaFinding Needed(DatabaseSide side, string table, string remedy) => new(
        FindingSeverity.Warning, side, table, null, $"the map's settings need a timestamp column ({Timestamps.Names}), and there is none", remedy);

    private static List<ColumnPlan> Columns(TablePair pair) =>
    [
        .. pair.Terminal!.Columns.Where(c => pair.Travels(c.Name))
            .Select(c => (Terminal: c, Central: pair.Central!.Find(pair.ToCentral(c.Name))))
            .Where(c => c.Central is not null)
            .Select(c => new ColumnPlan { Terminal = c.Terminal, Central = c.Central! }),
    ];
}
