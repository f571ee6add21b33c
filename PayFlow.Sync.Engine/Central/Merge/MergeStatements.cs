using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>
/// The SQL of one table's merge. In all of it <c>t</c> is central's row and <c>s</c> the staged one; decisions come as arrays indexed by <c>s.ord</c>
/// (bytes, or of a type with a fixed length, so that a look-up takes no time).
/// </summary>
internal sealed class MergeStatements(StagedTable table)
{
    // One byte a row.
    public static string Decided(char action) => $"get_byte($1::bytea, s.ord - 1) = {(int)action}";

    private TablePlan Plan => table.Plan;

    /// <summary>Replaces parents' local keys by central's, for <c>$1</c> terminal.</summary>
    public IEnumerable<string> TranslateReferences(bool withBase)
    {
        foreach (var column in table.References)
        {
            yield return Translate(column, "n", "l", withBase);
            if (withBase)
                yield return Translate(column, "b", "m", withBase);
        }
    }

    /// <summary>Takes out the rows with a parent that central does not have yet; gives ord and the parent's name.</summary>
    public string TakeOutOrphans(bool withBase)
    {
        var missing = table.References.Select(c => (Condition: $"s.l{c.Ordinal} IS NOT NULL AND s.n{c.Ordinal} IS NULL", c)).ToList();
        var which = string.Join(" ", missing.Select(m => $"WHEN {m.Condition} THEN {PostgresName.Literal(m.c.Plan.References + "/")} || s.l{m.c.Ordinal}"));
        return $"DELETE FROM {table.Name(withBase)} s WHERE {string.Join(" OR ", missing.Select(m => $"({m.Condition})"))} RETURNING s.ord, CASE {which} END";
    }

    /// <summary>Takes out the rows that refer by this foreign key to a row that central does not have; gives their ord. What the terminal did not change is not written, and cannot dangle.</summary>
    public string TakeOutDangling(bool withBase, ForeignKeySchema key)
    {
        var columns = key.Columns.Select(name => table.Columns.Single(c => c.Plan.Central.Name == name)).ToList();
        var same = columns.Select((c, i) => $"p.{PostgresName.Quote(key.ParentColumns[i])} = {c.NewValue}");
        var changed = withBase ? $" AND NOT s.del AND ({string.Join(" OR ", columns.Select(c => c.IsDifferent(c.NewValue, c.BaseValue)))})" : string.Empty;
        return $"""
            DELETE FROM {table.Name(withBase)} s
            WHERE {string.Join(" AND ", columns.Select(c => $"{c.New} IS NOT NULL"))}{changed}
              AND NOT EXISTS (SELECT 1 FROM {string.Join('.', key.ParentTable.Split('.').Select(PostgresName.Quote))} p WHERE {string.Join(" AND ", same)})
            RETURNING s.ord
            """;
    }

    /// <summary>Takes out the rows that are to write an empty value into this column; gives their ord.</summary>
    public string TakeOutEmpty(bool withBase, StagedColumn column) =>
        $"DELETE FROM {table.Name(withBase)} s WHERE {column.New} IS NULL{(withBase ? $" AND NOT s.del AND s.b{column.Ordinal} IS NOT NULL" : string.Empty)} RETURNING s.ord";

    /// <summary>
    /// Gives up, for a moment, the unique values of the rows that <c>$1</c> marks with U and that get another one: rows that exchange their values stand in each other's way otherwise.
    /// It is journaled like any change, because undoing it goes the same way.
    /// </summary>
    public string Park(bool withBase, StagedColumn column) => $"""
        WITH before AS (
          SELECT {table.KeyText("t")} AS key, {JournalImage.Of(Plan.Central, "t")} AS image FROM {table.Name(withBase)} s JOIN {table.Target} t ON {table.SameRow} WHERE {Decided('U')}),
        written AS (
          UPDATE {table.Target} t SET {column.Name} = {ParkedValue(column)} FROM {table.Name(withBase)} s
          WHERE {table.SameRow} AND {Decided('U')} AND {column.IsDifferent(column.NewValue, withBase ? column.BaseValue : column.Target)}
          RETURNING {table.KeyText("t")} AS key, {JournalImage.Of(Plan.Central, "t")} AS image)
        INSERT INTO payflow.journal (run_id, batch_id, terminal_id, table_name, op, key, before, after)
        SELECT $2, $3, $4, $5, 'U', written.key, before.image, written.image FROM written JOIN before USING (key)
        """;

    /// <summary>A value for a moment that no other row has; null when the column's type offers none.</summary>
    public static string? ParkedValue(StagedColumn column) => column.Plan.Central switch
    {
        { NotNull: false } => "NULL",
        { Logical: LogicalType.Text, TypeModifier: -1 or >= 40 } => "gen_random_uuid()::text",
        { Logical: LogicalType.Uuid } => "gen_random_uuid()",
        { BaseType: "int4" or "int8" } => "-2147483648 + s.ord",
        _ => null,
    };

    /// <summary>Gives the rows that are new to central a key there.</summary>
    /// <exception cref="SyncException">Central's key has no default and is of a type for which none can be made.</exception>
    public string GiveKeys(bool withBase) =>
        $"UPDATE {table.Name(withBase)} s SET sk = ({NewKey()})::{table.Keys[0].StageType}, isnew = true WHERE s.sk IS NULL{(withBase ? " AND NOT s.del" : string.Empty)}";

    /// <summary>Takes out the rows without a central key; gives their ord.</summary>
    public string TakeOutUnlinked(bool withBase) => $"DELETE FROM {table.Name(withBase)} s WHERE s.sk IS NULL{(withBase ? " AND NOT s.del" : string.Empty)} RETURNING s.ord";

    /// <summary>Takes out the rows that are in central nowhere, or nowhere that the terminal may look; gives their ord.</summary>
    public string TakeOutMissing(bool withBase) =>
        $"DELETE FROM {table.Name(withBase)} s WHERE NOT EXISTS (SELECT 1 FROM {table.Target} t WHERE {table.SameRow} AND {table.Visible}) RETURNING s.ord";

    /// <summary>
    /// Locks central's rows in key order (so that two uploads cannot wait for each other) and counts them. Looks first whether central has anything at all between the
    /// lowest and the highest of the keys: a first upload finds nothing there, and is spared looking for every row.
    /// </summary>
    public string Lock(bool withBase)
    {
        var isAnyThere = table.FirstKey is { } key
            ? $"EXISTS (SELECT 1 FROM {table.Target} t WHERE {key.Target} >= ({EndOfKeys(withBase, key, "ASC")}) AND {key.Target} <= ({EndOfKeys(withBase, key, "DESC")}))"
            : "true";
        return $"""
            WITH locked AS (SELECT 1 FROM {table.Name(withBase)} s JOIN {table.Target} t ON {table.SameRow} ORDER BY {table.KeyOrder} FOR UPDATE OF t)
            SELECT CASE WHEN {isAnyThere} THEN (SELECT count(*) FROM locked) ELSE 0 END
            """;
    }

    /// <summary>
    /// How the staged rows stand to central's: ord, found, deleted, four strings of 0 and 1 (the last one says which columns add up), newer, touched, never linked, and whether the terminal may write central's. By log: <c>$1</c> terminal, <c>$2</c> captured table,
    /// <c>$3</c>, <c>$4</c>, <c>$5</c> the position behind which a change by somebody else counts as a touch. By stamp: <c>$1</c> terminal, <c>$2</c> table, <c>$3</c> the timestamp.
    /// </summary>
    public string Compare(bool withBase, bool adds, Touched by, WriteLimitStatements limit)
    {
        var added = withBase && adds && table.Plan.Entry.Additive.Count > 0 ? Flags(c => table.IsAdditive(c) ? IsSum(c) : "false") : "''";
        var newBase = withBase ? Flags(c => c.IsDifferent(c.NewValue, c.BaseValue)) : "''";
        var centralBase = withBase ? Flags(c => c.IsDifferent(c.Target, c.BaseValue)) : "''";
        var revived = withBase && Plan.SoftDelete is not null ? $"coalesce({Marked("s", c => c.BaseValue)} AND NOT coalesce({Marked("s", c => c.NewValue)}, false), false)" : "false";
        var touched = by switch
        {
            Touched.ByLog => $"({table.KeyText("t")}) IN (SELECT l.key FROM payflow.change_log l WHERE l.table_id = $2 AND (l.generation, l.xid, l.id) > ($3, $4::text::xid8, $5) AND l.origin IS DISTINCT FROM $1)",
            Touched.ByStamp => $"coalesce({table.Stamp!.Value.Target} > {table.Stamp.Value.Codec.KeyFromText("$3")}, false) AND NOT EXISTS (SELECT 1 FROM payflow.echoes e WHERE e.terminal_id = $1 AND e.table_id = $2 AND e.key = {table.KeyText("t")} AND e.stamp = {table.Stamp.Value.Codec.KeyText(table.Stamp.Value.Target)})",
            Touched.Never => "false",
            _ => "NULL::boolean",
        };
        return $"""
            SELECT s.ord, {Found}, {(withBase ? "s.del" : "false")}, {newBase}, {centralBase}, {Flags(c => c.IsDifferent(c.Target, c.NewValue))}, {added}, {Marked("t", c => c.Target)}, {revived}, {Newer()}, {touched}, {(table.IsLinked ? "coalesce(s.isnew, false)" : "false")}, NOT ({Found}) OR {limit.Fits("t")}
            FROM {table.Name(withBase)} s {(withBase ? "LEFT JOIN" : "JOIN")} {table.Target} t ON {table.SameRow}
            """;
    }

    /// <summary>Inserts the rows that <c>$1</c> marks with I (all of them when <paramref name="all"/>), in key order, in which they are staged already when <paramref name="inOrder"/>; gives key texts and hashes of what stands there now to the journal.</summary>
    public string Insert(bool withBase, bool all, bool inOrder)
    {
        var columns = table.Columns.Where(c => !c.Plan.IsGeneratedInCentral).ToList();
        var names = columns.Select(c => c.Name).ToList();
        var values = columns.Select(c => c.NewValue).ToList();
        if (table.IsLinked)
        {
            names.Insert(0, PostgresName.Quote(Plan.CentralKey[0].Name));
            values.Insert(0, table.Keys[0].FromStage("s.sk"));
        }
        var overriding = Plan.CentralKey.Any(k => k.IsAutoNumber) ? " OVERRIDING SYSTEM VALUE" : string.Empty;
        return $"""
            WITH written AS (
              INSERT INTO {table.Target} AS t ({string.Join(", ", names)}){overriding}
              SELECT {string.Join(", ", values)} FROM {table.Name(withBase)} s{(all ? string.Empty : $" WHERE {Decided('I')}")}{(inOrder ? string.Empty : $" ORDER BY {table.KeyOrder}")}
              RETURNING {table.KeyText("t")} AS key, hashtextextended(t::text, 0) AS hash)
            INSERT INTO payflow.journal (run_id, batch_id, terminal_id, table_name, op, keys, hashes)
            SELECT ${(all ? 1 : 2)}, ${(all ? 2 : 3)}, ${(all ? 3 : 4)}, ${(all ? 4 : 5)}, 'I', array_agg(key), array_agg(hash) FROM written HAVING count(*) > 0
            """;
    }

    /// <summary>Writes the columns in <paramref name="columns"/> (positions in <see cref="StagedTable.Merged"/>) of the rows that <c>$1</c> marks with U, each row only those that its bits in <c>$2</c> name; additive ones are added when <paramref name="adds"/>.</summary>
    public string Update(bool withBase, bool adds, IReadOnlyList<int> columns)
    {
        var set = columns.Select((position, bit) =>
        {
            var column = table.Merged[position];
            return $"{column.Name} = CASE WHEN (($2::int8[])[s.ord] >> {bit}) & 1 = 1 THEN {(withBase && adds && table.IsAdditive(column) ? $"CASE WHEN {IsSum(column)} THEN {column.Sum} ELSE {column.NewValue} END" : column.NewValue)} ELSE {column.Target} END";
        });
        // A mark that does not travel with the row goes when the row is made again.
        if (Plan.CentralSoftDelete is { } soft && Plan.SoftDelete is null)
        {
            var name = PostgresName.Quote(soft.Name);
            set = set.Append($"{name} = CASE WHEN (($2::int8[])[s.ord] >> {MergeSet.RevivedBit}) & 1 = 1 THEN {SoftDeleteSql.Unmarked(soft)} ELSE t.{name} END");
        }
        return $"""
            WITH before AS (
              SELECT {table.KeyText("t")} AS key, {JournalImage.Of(Plan.Central, "t")} AS image FROM {table.Name(withBase)} s JOIN {table.Target} t ON {table.SameRow} WHERE {Decided('U')}),
            written AS (
              UPDATE {table.Target} t SET {string.Join(", ", set)} FROM {table.Name(withBase)} s WHERE {table.SameRow} AND {Decided('U')}
              RETURNING {table.KeyText("t")} AS key, {JournalImage.Of(Plan.Central, "t")} AS image)
            INSERT INTO payflow.journal (run_id, batch_id, terminal_id, table_name, op, key, before, after)
            SELECT $3, $4, $5, $6, 'U', written.key, before.image, written.image FROM written JOIN before USING (key)
            """;
    }

    /// <summary>Deletes, or marks as deleted, the rows that <c>$1</c> marks with D.</summary>
    public string Delete(bool withBase)
    {
        if (Plan.CentralSoftDelete is { } soft)
        {
            var column = PostgresName.Quote(soft.Name);
            return $"""
                WITH before AS (
                  SELECT {table.KeyText("t")} AS key, {JournalImage.Of(Plan.Central, "t")} AS image FROM {table.Name(withBase)} s JOIN {table.Target} t ON {table.SameRow} WHERE {Decided('D')}),
                written AS (
                  UPDATE {table.Target} t SET {column} = {SoftDeleteSql.Mark(soft)} FROM {table.Name(withBase)} s WHERE {table.SameRow} AND {Decided('D')} AND NOT {SoftDeleteSql.IsMarked(soft, "t." + column)}
                  RETURNING {table.KeyText("t")} AS key, {JournalImage.Of(Plan.Central, "t")} AS image)
                INSERT INTO payflow.journal (run_id, batch_id, terminal_id, table_name, op, key, before, after)
                SELECT $2, $3, $4, $5, 'U', written.key, before.image, written.image FROM written JOIN before USING (key)
                """;
        }
        return $"""
            WITH written AS (
              DELETE FROM {table.Target} t USING {table.Name(withBase)} s WHERE {table.SameRow} AND {Decided('D')}
              RETURNING {table.KeyText("t")} AS key, {JournalImage.Of(Plan.Central, "t")} AS image)
            INSERT INTO payflow.journal (run_id, batch_id, terminal_id, table_name, op, key, before)
            SELECT $2, $3, $4, $5, 'D', key, image FROM written
            """;
    }

    /// <summary>Remembers the timestamps of the rows that <c>$1</c> marks with I or U, so that they are not sent back: <c>$2</c> terminal, <c>$3</c> table.</summary>
    public string KeepEchoes(bool withBase) => $"""
        INSERT INTO payflow.echoes (terminal_id, table_id, key, stamp)
        SELECT $2, $3, {table.KeyText("t")}, {table.Stamp!.Value.Codec.KeyText(table.Stamp.Value.Target)} FROM {table.Name(withBase)} s JOIN {table.Target} t ON {table.SameRow}
        WHERE ({Decided('I')} OR {Decided('U')}) AND {table.Stamp.Value.Target} IS NOT NULL
        ON CONFLICT (terminal_id, table_id, key) DO UPDATE SET stamp = excluded.stamp
        """;

    /// <summary>Linked tables: ord and central's key text of every staged row.</summary>
    public string StagedKeys(bool withBase) => $"SELECT s.ord, {table.StagedKeyText} FROM {table.Name(withBase)} s WHERE s.sk IS NOT NULL";

    /// <summary>Central's rows as they stand now, of the staged rows that <c>$1</c> (booleans) marks: ord, then the columns.</summary>
    public string Read(bool withBase) => $"""
        SELECT s.ord, {string.Join(", ", table.Columns.Select(c => c.Codec.ReadExpression(c.Target)))}
        FROM {table.Name(withBase)} s JOIN {table.Target} t ON {table.SameRow} WHERE ($1::boolean[])[s.ord]
        """;

    /// <summary>The ords of the rows that central's own triggers or generated columns made different from what was sent.</summary>
    public string ReadAltered(bool withBase) => $"""
        SELECT s.ord FROM {table.Name(withBase)} s JOIN {table.Target} t ON {table.SameRow}
        WHERE ({Decided('I')} OR {Decided('U')}) AND ({string.Join(" OR ", table.Columns.Where(c => !c.Plan.IsKey).Select(c => c.IsDifferent(c.Target, c.NewValue)).DefaultIfEmpty("false"))})
        """;

    // Whether a row is marked as deleted: central's own, or the staged one where the mark travels.
    private string Marked(string row, Func<StagedColumn, string> value) => Plan.CentralSoftDelete switch
    {
        null => "false",
        { } soft when row == "t" => $"coalesce({SoftDeleteSql.IsMarked(soft, "t." + PostgresName.Quote(soft.Name))}, false)",
        { } soft => SoftDeleteSql.IsMarked(soft, value(table.Columns.Single(c => c.Plan.Central == soft))),
    };

    // Nothing can be added to or from an empty value. What is added to a row that is gone is told apart from what replaces its values all the same.
    private string IsSum(StagedColumn column) => $"({column.New} IS NOT NULL AND s.b{column.Ordinal} IS NOT NULL AND ({column.Target} IS NOT NULL OR NOT {Found}))";

    // The empty branch gives the staged texts the target column's collation: they must be in its index's order, not in the database's. Not min() and max(), which do not know uuids.
    private string EndOfKeys(bool withBase, (string Target, string Staged) key, string direction) => $"""
        SELECT k.v FROM (SELECT {key.Target} AS v FROM {table.Target} t WHERE false UNION ALL SELECT {key.Staged} FROM {table.Name(withBase)} s) k
        WHERE k.v IS NOT NULL ORDER BY k.v {direction} LIMIT 1
        """;

    private string Found => table.Found;

    private string Flags(Func<StagedColumn, string> condition) =>
        table.Merged.Count == 0 ? "''" : string.Join(" || ", table.Merged.Select(c => $"CASE WHEN {condition(c)} THEN '1' ELSE '0' END"));

    private string Newer()
    {
        var stamp = table.Merged.FirstOrDefault(c => Plan.CentralTimestamp is { } central && c.Plan.Central.Name == central.Name);
        return stamp is null ? "false" : $"COALESCE({stamp.NewValue} > {stamp.Target}, false)";
    }

    private string Translate(StagedColumn column, string value, string local, bool withBase) => $"""
        UPDATE {table.Name(withBase)} s SET {value}{column.Ordinal} = k.server_key::{column.Codec.StageType}
        FROM payflow.links k
        WHERE k.terminal_id = $1 AND k.table_name = {PostgresName.Literal(column.Plan.References!)} AND k.local_key = s.{local}{column.Ordinal}
        """;

    private string NewKey()
    {
        var key = Plan.CentralKey[0];
        if (key.Default is { } expression)
            return expression;
        return key.Logical switch
        {
            LogicalType.Uuid => "gen_random_uuid()",
            LogicalType.Text => "gen_random_uuid()::text",
            LogicalType.Integer when key.IsAutoNumber => $"nextval(pg_get_serial_sequence({PostgresName.Literal(table.Target)}, {PostgresName.Literal(key.Name)}))",
            _ => throw new SyncException(SyncErrorCode.SchemaMismatch, $"Central's {Plan.Central.Name}.{key.Name} ({key.Type}) has no default, so rows made at a till cannot get a key",
                $"Run: ALTER TABLE {table.Target} ALTER COLUMN {PostgresName.Quote(key.Name)} ADD GENERATED BY DEFAULT AS IDENTITY")
            { Table = Plan.Name },
        };
    }
}
