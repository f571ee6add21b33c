namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>Says what does not fit between a terminal's schema and central's, and what to do about it.</summary>
public static class SchemaComparer
{
    /// <summary>Compares the enabled tables of the map; without a map, all tables by name, where a table that only one side has is no error.</summary>
    public static SchemaReport Compare(TableMap? map, DatabaseSchema terminal, DatabaseSchema central)
    {
        var remedies = Remedies.Of(map, terminal, central);
        var findings = new List<SchemaFinding>(remedies.Problems);
        foreach (var pair in TablePair.Of(map, terminal, central))
            findings.AddRange(Compare(pair, map is not null, remedies).OrderByDescending(f => f.Severity));
        return new SchemaReport(findings);
    }

    private static IEnumerable<SchemaFinding> Compare(TablePair pair, bool isMapped, Remedies remedies)
    {
        if (pair is { Terminal: not null, Central: not null })
            return [.. KeyComparer.Compare(pair), .. ColumnComparer.Compare(pair, remedies), .. TimestampComparer.Compare(pair)];
        if (pair is { Terminal: null, Central: null })
            return [new SchemaFinding(FindingSeverity.Error, DatabaseSide.Terminal, pair.TerminalName, null, $"neither side has a table {pair.TerminalName}", "Correct the name in the map, or remove the entry.")];

        var severity = isMapped ? FindingSeverity.Error : FindingSeverity.Warning;
        return pair.Terminal is null
            ? [new SchemaFinding(severity, DatabaseSide.Terminal, pair.TerminalName, null, $"the terminal has no table {pair.TerminalName}", remedies.ForTable(DatabaseSide.Terminal, pair.TerminalName) ?? $"{pair.CentralName} has no primary key in central: give it one, or leave it out of the map.")]
            : [new SchemaFinding(severity, DatabaseSide.Central, pair.CentralName, null, $"central has no table {pair.CentralName}", remedies.ForTable(DatabaseSide.Central, pair.CentralName) ?? $"{pair.TerminalName} has no usable key at the terminal: give it a primary key, or leave it out of the map.")];
    }
}
