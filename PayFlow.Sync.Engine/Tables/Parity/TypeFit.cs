using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Tables.Parity;

/// <summary>
/// Says whether a terminal's column can hold what central's column holds, and the other way round. A terminal's declared type is a promise at best, so only what
/// can never fit is an error; what depends on the values is a warning.
/// </summary>
internal static class TypeFit
{
    /// <summary>Decimal digits that survive a double: https://www.sqlite.org/floatingpoint.html</summary>
    private const int ExactDigits = 15;

    public static SchemaFinding? Check(TablePair pair, ColumnSchema terminal, ColumnSchema central)
    {
        var affinity = SqliteType.AffinityOf(terminal.Type);
        return central.Logical switch
        {
            LogicalType.Decimal => Decimal(pair, terminal, central, affinity),
            LogicalType.Integer => Integer(pair, terminal, central, affinity),
            LogicalType.Uuid => Uuid(pair, terminal, central, affinity),
            LogicalType.Boolean => affinity is SqliteAffinity.Text ? Misfit(pair, terminal, central, "other texts than those of a boolean will be refused", "INTEGER") : null,
            LogicalType.Float => affinity is SqliteAffinity.Text ? Misfit(pair, terminal, central, "texts that are no numbers will be refused", "REAL") : null,
            LogicalType.Bytes => affinity is not SqliteAffinity.Blob && SqliteType.FamilyOf(terminal.Type) != SqliteFamily.Blob
                ? Misfit(pair, terminal, central, "values other than blobs will be refused", "BLOB") : null,
            LogicalType.Date or LogicalType.Timestamp or LogicalType.TimestampTz => affinity is SqliteAffinity.Real
                ? Misfit(pair, terminal, central, "a day number is no exact instant", "TEXT") : null,
            _ => Spelled(pair, terminal, central, affinity),
        };
    }

    private static SchemaFinding? Decimal(TablePair pair, ColumnSchema terminal, ColumnSchema central, SqliteAffinity affinity)
    {
        if (affinity is SqliteAffinity.Text or SqliteAffinity.Blob || Precision(central) <= ExactDigits)
            return null;
        return Misfit(pair, terminal, central, $"it cannot hold more than {ExactDigits} digits; declare TEXT, or limit central to numeric({ExactDigits}, …)", "TEXT");
    }

    private static SchemaFinding? Integer(TablePair pair, ColumnSchema terminal, ColumnSchema central, SqliteAffinity affinity) => affinity switch
    {
        SqliteAffinity.Text => Misfit(pair, terminal, central, "texts that are no whole numbers will be refused", "INTEGER"),
        SqliteAffinity.Real when central.BaseType == "int8" => Misfit(pair, terminal, central, $"fractions will be refused, and it cannot hold more than {ExactDigits} digits", "INTEGER"),
        SqliteAffinity.Real => Misfit(pair, terminal, central, "fractions will be refused", "INTEGER"),
        SqliteAffinity.Blob when terminal.Type.Length > 0 => Error(pair, terminal, central, "a blob is no number"),
        _ => null,
    };

    private static SchemaFinding? Uuid(TablePair pair, ColumnSchema terminal, ColumnSchema central, SqliteAffinity affinity) =>
        affinity is SqliteAffinity.Integer or SqliteAffinity.Real ? Error(pair, terminal, central, "a number is no uuid") : null;

    /// <summary>Text and all that travels as text: a column with a number's affinity stores '007' as 7.</summary>
    private static SchemaFinding? Spelled(TablePair pair, ColumnSchema terminal, ColumnSchema central, SqliteAffinity affinity) => affinity switch
    {
        SqliteAffinity.Text => null,
        SqliteAffinity.Blob when terminal.Type.Length == 0 || SqliteType.FamilyOf(terminal.Type) == SqliteFamily.Json => null,
        SqliteAffinity.Blob => Misfit(pair, terminal, central, "blobs will be refused", "TEXT"),
        _ when SqliteType.FamilyOf(terminal.Type) is SqliteFamily.Json or SqliteFamily.Uuid or SqliteFamily.Date or SqliteFamily.Instant or SqliteFamily.ZonedInstant or SqliteFamily.Time => null,
        _ => Misfit(pair, terminal, central, "SQLite stores a text that looks like a number as a number: '007' becomes 7", "TEXT"),
    };

    /// <summary>The digits that central's column can have; without a limit, more than any double.</summary>
    private static int Precision(ColumnSchema central)
    {
        if (central.BaseType == "money")
            return 19;
        // atttypmod of numeric(p,s): p in the upper 16 bits, offset by 4, the size of a varlena header.
        return central.TypeModifier < 4 ? int.MaxValue : ((central.TypeModifier - 4) >> 16) & 0xffff;
    }

    private static SchemaFinding Error(TablePair pair, ColumnSchema terminal, ColumnSchema central, string reason) => new(
        FindingSeverity.Error, DatabaseSide.Central, pair.CentralName, central.Name, Message(terminal, central, reason),
        $"ALTER TABLE {PostgresName.Quote(pair.Central!)} ALTER COLUMN {PostgresName.Quote(central.Name)} TYPE {Suggested(terminal)} USING {PostgresName.Quote(central.Name)}::{Suggested(terminal)};"
        + $" Or, at the terminal: {Redeclare(pair, terminal, TerminalColumns.TypeOf(central.Logical))}");

    private static SchemaFinding Misfit(TablePair pair, ColumnSchema terminal, ColumnSchema central, string reason, string declare) => new(
        FindingSeverity.Warning, DatabaseSide.Terminal, pair.TerminalName, terminal.Name, Message(terminal, central, reason), Redeclare(pair, terminal, declare));

    private static string Message(ColumnSchema terminal, ColumnSchema central, string reason) =>
        $"the terminal's {terminal.Name} is {(terminal.Type.Length == 0 ? "untyped" : terminal.Type)}, central's {central.Name} is {central.Type}: {reason}";

    private static string Suggested(ColumnSchema terminal) => CentralTypeChoice.Of(terminal, ColumnSample.Empty).Name;

    /// <summary>SQLite cannot alter a column's type, but it can replace a column that nothing depends on: https://www.sqlite.org/lang_altertable.html</summary>
    private static string Redeclare(TablePair pair, ColumnSchema column, string type)
    {
        var table = pair.Terminal!;
        var isUsed = table.Key.Concat(table.Indexes.SelectMany(i => i.Columns)).Concat(table.ForeignKeys.SelectMany(f => f.Columns)).Contains(column.Name, StringComparer.OrdinalIgnoreCase);
        var canBeAdded = column.Default is null || SqlDefault.Parse(column.Default).Kind is not (SqlDefaultKind.Now or SqlDefaultKind.Today or SqlDefaultKind.Expression);
        if (isUsed || !canBeAdded || column is { NotNull: true } or { IsGenerated: true } || table.HasUserTriggers)
            return $"Make the table {pair.TerminalName} again with {column.Name} declared {type}.";
        var (name, own, next) = (SqliteName.Quote(table.Name), SqliteName.Quote(column.Name), SqliteName.Quote(column.Name + "_new"));
        return $"ALTER TABLE {name} ADD COLUMN {next} {type}{(column.Default is null ? string.Empty : " DEFAULT " + column.Default)}; "
            + $"UPDATE {name} SET {next} = {own}; ALTER TABLE {name} DROP COLUMN {own}; ALTER TABLE {name} RENAME COLUMN {next} TO {own};";
    }
}
