using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Looks for the column that says when a row was last written, which only some settings need.</summary>
internal static class TimestampComparer
{
    private static readonly string[] Names = ["updated_at", "last_updated", "created_at"];

    public static IEnumerable<SchemaFinding> Compare(TablePair pair)
    {
        var (terminal, central) = (pair.Terminal!, pair.Central!);
        var byTime = pair.Entry.Conflicts == ConflictPolicy.LastWriterWins;
        var atTerminal = byTime || (pair.Pulls && pair.Entry.TerminalCapture == CaptureMode.Timestamp);
        var inCentral = byTime || (pair.Pushes && pair.Entry.CentralCapture == CaptureMode.Timestamp);
        if (!Names.Any(n => terminal.Find(n) is not null || (central.Find(n) is { } end && terminal.Find(pair.ToTerminal(end.Name)) is not null)))
        {
            yield return new SchemaFinding(
                Severity(atTerminal), DatabaseSide.Terminal, pair.TerminalName, null, Message(atTerminal),
                $"ALTER TABLE {SqliteName.Quote(pair.TerminalName)} ADD COLUMN updated_at TEXT;{Upkeep(atTerminal)}");
        }
        if (!Names.Any(n => IsInstant(central.Find(n)) || (terminal.Find(n) is { } start && IsInstant(central.Find(pair.ToCentral(start.Name))))))
        {
            yield return new SchemaFinding(
                Severity(inCentral), DatabaseSide.Central, pair.CentralName, null, Message(inCentral),
                $"ALTER TABLE {PostgresName.Quote(central)} ADD COLUMN updated_at timestamp with time zone NOT NULL DEFAULT now();{Upkeep(inCentral)}");
        }
    }

    private static bool IsInstant(ColumnSchema? column) => column is { Logical: LogicalType.Timestamp or LogicalType.TimestampTz };

    private static FindingSeverity Severity(bool isNeeded) => isNeeded ? FindingSeverity.Warning : FindingSeverity.Info;

    private static string Message(bool isNeeded) => isNeeded
        ? $"the map's settings need a timestamp column ({string.Join(", ", Names)}), and there is none"
        : $"there is no timestamp column ({string.Join(", ", Names)}); trigger capture does not need one";

    private static string Upkeep(bool isNeeded) => isNeeded ? " Whoever writes the table has to keep it up to date." : string.Empty;
}
