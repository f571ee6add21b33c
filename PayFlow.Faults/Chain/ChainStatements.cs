using System.Data.Common;
using System.Globalization;

namespace PayFlow.Faults.Chain;

/// <summary>Draws statements as a POS program or the head office would write them. Rows are named by their tokens, so that the same seed means the same rows again.</summary>
internal sealed class ChainStatements(ChainShape shape, Random random, TokenLedger ledger, ChainColumns columns, ChainSide side)
{
    private const int BulkRows = 40;

    private static readonly string[] Stores = ["A", "B", "C"];
    private static readonly string[] Marks = ["v1", "v2"];
    private static readonly string[] Truths = ["false", "true", "NULL"];
    private static readonly string[] Numbers = ["0", "1", "NULL"];
    private static readonly string[] Names = ["'tea'", "'Tea'", "''", "'it''s \"q\" \\ '", "'Zoë 🍵'", "NULL", "'12'"];

    /// <summary>One statement; null when there is no row that it could be about.</summary>
    public string? Next(Func<string, List<string>> column)
    {
        if (shape.Tables.Where(t => t.IsWritable(side.IsTerminal)).ToList() is not { Count: > 0 } tables)
            return null;
        var table = random.Pick(tables);
        var tokens = column($"SELECT token FROM {table.Name} ORDER BY token");
        var dice = random.Next(100);
        if (tokens.Count == 0 || dice < 30)
            return Insert(table, string.Empty, null, column);
        var token = random.Pick(tokens);
        return dice switch
        {
            < 60 => Update(table, token, column),
            < 72 => Delete(table, token),
            < 78 => Rekey(table, token),
            < 86 => Upsert(table, token, column),
            < 94 when side.IsTerminal => Insert(table, " OR REPLACE", token, column),
            < 97 => $"UPDATE {table.Name} SET name = {random.Pick(Names)}, v2 = '{ledger.Change()}' WHERE n = {random.Next(4)}",
            < 99 => InsertMany(table, BulkRows, column),
            _ when !side.IsTerminal => $"TRUNCATE {table.Name} CASCADE",
            _ => $"DELETE FROM {table.Name} WHERE n = {random.Next(4)}",
        };
    }

    private string Insert(ChainTable table, string or, string? like, Func<string, List<string>> column)
    {
        var token = ledger.Create(table, side.IsTerminal);
        var (names, values) = (new List<string>(), new List<string>());
        if (like is not null && random.Chance(70))
        {
            // It takes another row's place, and may lose it again to central.
            ledger.Forgive(token);
            AddKeyOf(table, like, names, values);
        }
        else
            AddNewKey(table, token, names, values);
        AddData(table, token, names, values, column);
        return $"INSERT{or} INTO {table.Name} ({string.Join(", ", names)}) VALUES ({string.Join(", ", values)})";
    }

    private string Upsert(ChainTable table, string like, Func<string, List<string>> column)
    {
        var (names, values) = (new List<string>(), new List<string>());
        AddKeyOf(table, like, names, values);
        AddData(table, like, names, values, column);
        var target = side.IsTerminal ? table.TerminalKeyColumn : table.CentralKeyColumn;
        var from = string.Join(", ", values);
        return $"INSERT INTO {table.Name} ({string.Join(", ", names)}) VALUES ({from}) ON CONFLICT ({target}) DO UPDATE SET name = excluded.name, n = excluded.n, v1 = excluded.v1, updated_at = excluded.updated_at";
    }

    private void AddKeyOf(ChainTable table, string token, List<string> names, List<string> values)
    {
        foreach (var key in (side.IsTerminal ? table.TerminalKeyColumn : table.CentralKeyColumn).Split(", "))
        {
            names.Add(key);
            values.Add(Of(table, key, token));
        }
    }

    private void AddNewKey(ChainTable table, string token, List<string> names, List<string> values)
    {
        var contended = !table.IsLinked && random.Chance(25);
        if (contended)
            ledger.Forgive(token);
        if (table.Key == ChainKey.Composite)
        {
            names.AddRange(["a", "b"]);
            values.AddRange([random.Next(1, 4).ToString(CultureInfo.InvariantCulture), contended ? random.Pick(["'x'", "'y \"'"]) : $"'{token}'"]);
        }
        else if (table.Key == ChainKey.Shared)
        {
            names.Add("id");
            values.Add(table.KeyLiteral(contended ? $"k{random.Next(4)}" : token));
        }
    }

    private void AddData(ChainTable table, string token, List<string> names, List<string> values, Func<string, List<string>> column)
    {
        foreach (var (meaning, name) in columns.Of(table, side.Name).Where(c => c.Meaning != "deleted_at"))
        {
            names.Add(name);
            values.Add(meaning == "token" ? $"'{token}'" : Value(meaning));
        }
        if (table.Target is null)
            return;
        names.Add("parent");
        values.Add(ParentOf(table, column));
    }

    private string Update(ChainTable table, string token, Func<string, List<string>> column)
    {
        var set = columns.Of(table, side.Name).Where(c => c.Meaning is not "token" and not "updated_at" && random.Chance(40)).Select(c => $"{c.Name} = {(c.Meaning == "qty" ? $"coalesce(qty, 0) + {random.Next(-3, 6)}" : Value(c.Meaning))}").ToList();
        if (table.Target is not null && random.Chance(20))
            set.Add($"parent = {ParentOf(table, column)}");
        // A no-op now and then; whatever else changes a row writes one of its marks.
        if (set.Count == 0)
            set.Add("name = name");
        else if (!set.Any(c => c.StartsWith('v')))
            set.Add($"{random.Pick(Marks)} = '{ledger.Change()}'");
        if (random.Chance(90))
            set.Add($"updated_at = {Value("updated_at")}");
        return $"UPDATE {table.Name} SET {string.Join(", ", set)} WHERE token = '{token}'";
    }

    /// <summary>One statement that makes many rows; null when no table is fit for that.</summary>
    public string? Many(int rows, Func<string, List<string>> column) =>
        shape.Tables.Where(t => t.IsWritable(side.IsTerminal) && t.HasSimpleKeys && t is { HasUniqueCode: false, ParentRequired: false }).ToList() is { Count: > 0 } tables ? InsertMany(random.Pick(tables), rows, column) : null;

    private string InsertMany(ChainTable table, int many, Func<string, List<string>> column)
    {
        if (!table.HasSimpleKeys || table.HasUniqueCode)
            return Insert(table, string.Empty, null, column);
        var token = ledger.Create(table, side.IsTerminal);
        var (names, values) = (new List<string>(), new List<string>());
        var name = side.IsTerminal ? "'" + token + "-' || i" : "'" + token + "-' || i::text";
        if (table.Key == ChainKey.Composite)
            (names, values) = (["a", "b"], ["9", name]);
        else if (!table.IsLinked)
            (names, values) = (["id"], [name]);
        AddData(table, token, names, values, column);
        values[names.IndexOf("token")] = name;
        var rows = side.IsTerminal ? $"(WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {many}) SELECT i FROM s)" : $"generate_series(1, {many}) AS s(i)";
        return $"INSERT INTO {table.Name} ({string.Join(", ", names)}) SELECT {string.Join(", ", values)} FROM {rows}";
    }

    private string Delete(ChainTable table, string token)
    {
        ledger.Forgive(token);
        return $"DELETE FROM {table.Name} WHERE token = '{token}'";
    }

    private string Rekey(ChainTable table, string token)
    {
        ledger.Forgive(token);
        return table.Key switch
        {
            ChainKey.Composite => $"UPDATE {table.Name} SET a = {random.Next(1, 4)}, v1 = '{ledger.Change()}' WHERE token = '{token}'",
            ChainKey.Shared => $"UPDATE {table.Name} SET id = {table.KeyLiteral(random.Chance(50) ? "k" + random.Next(4) : "r" + random.Next(100, 1000))} WHERE token = '{token}'",
            _ => $"UPDATE {table.Name} SET n = coalesce(n, 0) + 1, v1 = '{ledger.Change()}' WHERE token = '{token}'",
        };
    }

    private string ParentOf(ChainTable table, Func<string, List<string>> column)
    {
        var target = table.Target!;
        var tokens = column($"SELECT token FROM {target.Name} ORDER BY token");
        if (tokens.Count == 0 || (!table.ParentRequired && random.Chance(25)))
            return "NULL";
        return Of(target, side.IsTerminal ? target.TerminalKeyColumn : target.CentralKeyColumn, random.Pick(tokens));
    }

    private static string Of(ChainTable table, string column, string token) => $"(SELECT {column} FROM {table.Name} WHERE token = '{token}' ORDER BY 1 LIMIT 1)";

    private string Value(string column) => column switch
    {
        "name" => random.Pick(Names),
        "n" => random.Pick(["0", "1", "2", "3", "7", "NULL", "9007199254740993"]),
        "price" => random.Pick(["0", "1.5", "2.25", "-3.1", "19.99", "NULL"]),
        "qty" => random.Next(20).ToString(CultureInfo.InvariantCulture),
        "v1" or "v2" => $"'{ledger.Change()}'",
        "store" => $"'{side.Store ?? random.Pick(Stores)}'",
        ChainColumns.Added => random.Pick(["'x'", "'y'", "NULL"]),
        "is_on" => random.Pick(side.IsTerminal ? Numbers : Truths),
        "code" => random.Pick(["'c1'", "'c2'", "'c3'", "NULL", "NULL", $"'u{random.Next(1000)}'"]),
        "deleted_at" => random.Pick(["NULL", Instant()]),
        _ => Instant(),
    };

    private string Instant() => $"'2024-05-{(random.Next(2, 10) + side.Day).ToString("00", CultureInfo.InvariantCulture)} 1{random.Next(10)}:00:0{random.Next(10)}'";
}
