using System.Data.Common;
using System.Globalization;

namespace PayFlow.Admin.Tests.Engine.Convergence;

/// <summary>Draws statements as a POS program or the head office would write them. Rows are named by their tokens, so that the same seed means the same rows again.</summary>
internal sealed class ChainStatements(ChainShape shape, Random random, TokenLedger ledger, bool isTerminal)
{
    private static readonly string[] Names = ["'tea'", "'Tea'", "''", "'it''s \"q\" \\ '", "'Zoë 🍵'", "NULL", "'12'"];

    /// <summary>One statement; null when there is no row that it could be about.</summary>
    public string? Next(Func<string, List<string>> column)
    {
        var table = random.Pick(shape.Tables);
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
            < 94 when isTerminal => Insert(table, " OR REPLACE", token, column),
            _ => $"UPDATE {table.Name} SET name = {random.Pick(Names)} WHERE n = {random.Next(4)}",
        };
    }

    private string Insert(ChainTable table, string or, string? like, Func<string, List<string>> column)
    {
        var token = ledger.Create(table, isTerminal);
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
        var target = isTerminal ? table.TerminalKeyColumn : table.CentralKeyColumn;
        var from = string.Join(", ", values);
        return $"INSERT INTO {table.Name} ({string.Join(", ", names)}) VALUES ({from}) ON CONFLICT ({target}) DO UPDATE SET name = excluded.name, n = excluded.n, updated_at = excluded.updated_at";
    }

    private void AddKeyOf(ChainTable table, string token, List<string> names, List<string> values)
    {
        foreach (var key in (isTerminal ? table.TerminalKeyColumn : table.CentralKeyColumn).Split(", "))
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
            values.Add(contended ? $"'k{random.Next(4)}'" : $"'{token}'");
        }
    }

    private void AddData(ChainTable table, string token, List<string> names, List<string> values, Func<string, List<string>> column)
    {
        foreach (var name in table.DataColumns.Where(c => c != "deleted_at"))
        {
            names.Add(name);
            values.Add(name == "token" ? $"'{token}'" : Value(name));
        }
        if (table.Target is null)
            return;
        names.Add("parent");
        values.Add(ParentOf(table, column));
    }

    private string Update(ChainTable table, string token, Func<string, List<string>> column)
    {
        var names = table.DataColumns.Where(c => c is not "token" and not "updated_at" && random.Chance(40)).ToList();
        var set = names.Select(n => $"{n} = {Value(n)}").ToList();
        if (table.Target is not null && random.Chance(20))
            set.Add($"parent = {ParentOf(table, column)}");
        // A no-op now and then.
        if (set.Count == 0)
            set.Add("name = name");
        if (random.Chance(90))
            set.Add($"updated_at = {Value("updated_at")}");
        return $"UPDATE {table.Name} SET {string.Join(", ", set)} WHERE token = '{token}'";
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
            ChainKey.Composite => $"UPDATE {table.Name} SET a = {random.Next(1, 4)} WHERE token = '{token}'",
            ChainKey.Shared => $"UPDATE {table.Name} SET id = '{(random.Chance(50) ? "k" + random.Next(4) : "r" + random.Next(100, 1000))}' WHERE token = '{token}'",
            _ => $"UPDATE {table.Name} SET n = coalesce(n, 0) + 1 WHERE token = '{token}'",
        };
    }

    private string ParentOf(ChainTable table, Func<string, List<string>> column)
    {
        var target = table.Target!;
        var tokens = column($"SELECT token FROM {target.Name} ORDER BY token");
        if (tokens.Count == 0 || (!table.ParentRequired && random.Chance(25)))
            return "NULL";
        return Of(target, isTerminal ? target.TerminalKeyColumn : target.CentralKeyColumn, random.Pick(tokens));
    }

    private static string Of(ChainTable table, string column, string token) => $"(SELECT {column} FROM {table.Name} WHERE token = '{token}' ORDER BY 1 LIMIT 1)";

    private string Value(string column) => column switch
    {
        "name" => random.Pick(Names),
        "n" => random.Pick(["0", "1", "2", "3", "7", "NULL", "9007199254740993"]),
        "price" => random.Pick(["0", "1.5", "2.25", "-3.1", "19.99", "NULL"]),
        "is_on" => random.Pick(isTerminal ? ["0", "1", "NULL"] : new[] { "false", "true", "NULL" }),
        "code" => random.Pick(["'c1'", "'c2'", "'c3'", "NULL", "NULL", $"'u{random.Next(1000)}'"]),
        "deleted_at" => random.Pick(["NULL", Instant()]),
        _ => Instant(),
    };

    private string Instant() => $"'2024-05-0{random.Next(1, 10)} 1{random.Next(10)}:00:0{random.Next(10)}'";
}
