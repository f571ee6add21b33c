namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>A table of central about to be created or widened.</summary>
internal sealed class CentralDraft(TablePair pair)
{
    public TablePair Pair { get; } = pair;

    public TableSchema Terminal { get; } = pair.Terminal!;

    public bool IsNew => Pair.Central is null;

    /// <summary>The bare name, for messages and for the names of indexes.</summary>
    public string Name => Pair.Central?.Name ?? Pair.Entry.CentralName?[(Dot + 1)..] ?? Pair.TerminalName;

    /// <summary>The schema to name in SQL; null leaves it to the search path.</summary>
    public string? Schema => Pair.Central?.Schema ?? (Dot > 0 ? Pair.Entry.CentralName![..Dot] : null);

    /// <summary>The columns that are missing in central, in the terminal's order.</summary>
    public List<DraftColumn> Columns { get; } = [];

    /// <summary>Central's key, existing or to be created.</summary>
    public IReadOnlyList<string> Key =>
        Pair.Central?.Key ?? (Pair.IsLinked ? [TablePair.LinkedKeyColumn] : [.. Terminal.Key.Select(Pair.ToCentral)]);

    public DraftColumn? Find(string centralColumn) => Columns.Find(c => string.Equals(c.Name, centralColumn, StringComparison.OrdinalIgnoreCase));

    /// <summary>The type that a column of central has or will have; null when there will be none.</summary>
    public string? TypeOf(string centralColumn) => Find(centralColumn)?.Type ?? Pair.Central?.Find(centralColumn)?.Type;

    /// <summary>What a column of the terminal becomes: in a linked table, whatever names a row of it becomes central's key.</summary>
    public string ToCentral(string terminalColumn) => Pair.NamesLinkedRow(terminalColumn) && Key.Count == 1 ? Key[0] : Pair.ToCentral(terminalColumn);

    /// <summary>Only the map names schemas; a dot in a terminal's own table name is part of the name.</summary>
    private int Dot => Pair.Entry.CentralName?.IndexOf('.', StringComparison.Ordinal) ?? -1;
}
