using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Finds keys that are missing, that differ, or that several tills would hand out twice.</summary>
internal static class KeyComparer
{
    public static IEnumerable<SchemaFinding> Compare(TablePair pair)
    {
        var (terminal, central) = (pair.Terminal!, pair.Central!);
        if (terminal.Key.Count == 0)
            yield return MissingAtTerminal(pair, terminal, central);
        if (central.Key.Count == 0)
            yield return MissingInCentral(pair, terminal, central);
        if (terminal.Key.Count == 0 || central.Key.Count == 0)
            yield break;
        if (pair.IsLinked)
        {
            if (central.Key.Count > 1)
            {
                yield return new SchemaFinding(
                    FindingSeverity.Error, DatabaseSide.Central, pair.CentralName, null,
                    $"the terminal keeps central's key in server_id, which holds one value, but the key is ({string.Join(", ", central.Key)})",
                    "Give central's table a single-column key, or the terminal's table central's key columns as its primary key.");
            }
            if (pair is { Pulls: true, Entry.Match.Count: 0 } && central.Find("created_at") is null)
                yield return Nameless(pair);
            yield break;
        }
        if (!terminal.Key.Select(pair.ToCentral).ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(central.Key))
            yield return Differing(pair, terminal, central);
        else if (NumberedByTills(pair, terminal) is { } finding)
            yield return finding;
    }

    // A backup sends again what it has sent before, and counts on from an old number: only a value that nobody changes can tell which of the two a row is.
    private static SchemaFinding Nameless(TablePair pair) => new(
        FindingSeverity.Warning, DatabaseSide.Central, pair.CentralName, null,
        "nothing but all its values tells one row from another, so that a till restored from a backup could book a row twice that central has changed since",
        "Name a natural key in the map, such as \"match\": [\"number\"], or give both sides a column created_at.");

    private static SchemaFinding MissingAtTerminal(TablePair pair, TableSchema terminal, TableSchema central)
    {
        var columns = central.Key.Select(pair.ToTerminal).ToList();
        var isPossible = columns.Count > 0 && columns.TrueForAll(c => terminal.Find(c) is { NotNull: true });
        return new SchemaFinding(
            FindingSeverity.Error, DatabaseSide.Terminal, pair.TerminalName, null, "the table has no key, so its rows cannot be told apart",
            isPossible
                ? $"CREATE UNIQUE INDEX {SqliteName.Quote(pair.TerminalName + "_key")} ON {SqliteName.Quote(pair.TerminalName)} ({TerminalSql.List(columns)});"
                : "Make the table again with a PRIMARY KEY (SQLite cannot add one), or leave it out of the map.");
    }

    private static SchemaFinding MissingInCentral(TablePair pair, TableSchema terminal, TableSchema central)
    {
        var columns = terminal.Key.Select(pair.ToCentral).ToList();
        var isPossible = columns.Count > 0 && !pair.IsLinked && columns.TrueForAll(c => central.Find(c) is not null);
        return new SchemaFinding(
            FindingSeverity.Error, DatabaseSide.Central, pair.CentralName, null, "the table has no key, so its rows cannot be told apart",
            isPossible ? $"ALTER TABLE {PostgresName.Quote(central)} ADD PRIMARY KEY ({CentralSql.List(columns)});" : $"ALTER TABLE {PostgresName.Quote(central)} ADD PRIMARY KEY (…), or leave the table out of the map.");
    }

    private static SchemaFinding Differing(TablePair pair, TableSchema terminal, TableSchema central)
    {
        var columns = terminal.Key.Select(pair.ToCentral).ToList();
        var canBeUnique = columns.TrueForAll(c => central.Find(c) is not null);
        return new SchemaFinding(
            FindingSeverity.Error, DatabaseSide.Central, pair.CentralName, null,
            $"the terminal's key is ({string.Join(", ", terminal.Key)}), central's is ({string.Join(", ", central.Key)})",
            (canBeUnique
                ? $"Make them the same: ALTER TABLE {PostgresName.Quote(central)} DROP CONSTRAINT …, ADD PRIMARY KEY ({CentralSql.List(columns)}); or "
                : "Rename the columns in the map, or ")
            + $"let the terminal keep central's key beside its own: ALTER TABLE {SqliteName.Quote(pair.TerminalName)} ADD COLUMN server_id TEXT;");
    }

    /// <summary>Two tills without a connection both create number 1.</summary>
    private static SchemaFinding? NumberedByTills(TablePair pair, TableSchema terminal)
    {
        if (!pair.Pulls || terminal.Key is not [var name] || terminal.Find(name) is not { IsAutoNumber: true }
            || terminal.ForeignKeys.Any(f => f.Columns.Contains(name, StringComparer.OrdinalIgnoreCase)))
            return null;
        var literal = SqliteName.Literal(pair.TerminalName);
        var ranges = terminal.IsAutoIncrement
            ? $"give each terminal a range of its own, at terminal 2 for example: INSERT INTO sqlite_sequence (name, seq) SELECT {literal}, 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = {literal}); "
              + $"UPDATE sqlite_sequence SET seq = max(seq, 1000000000) WHERE name = {literal};"
            : "make the table again with AUTOINCREMENT and give each terminal a range of its own in sqlite_sequence.";
        return new SchemaFinding(
            FindingSeverity.Warning, DatabaseSide.Terminal, pair.TerminalName, name,
            $"the terminal numbers {name} itself: two tills will give different rows the same number",
            $"With more than one till that creates rows, {ranges} Or use own keys: local_id as primary key and a column server_id.");
    }
}
