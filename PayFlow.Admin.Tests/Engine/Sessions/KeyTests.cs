using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Keys as people and programs make them.</summary>
public sealed class KeyTests
{
    private const string Central = "CREATE TABLE things (id text COLLATE \"C\" PRIMARY KEY, v text); CREATE TABLE pairs (a text COLLATE \"C\", b text COLLATE \"C\", v text, PRIMARY KEY (a, b));";

    private const string Local = "CREATE TABLE things (id TEXT PRIMARY KEY, v TEXT); CREATE TABLE pairs (a TEXT, b TEXT, v TEXT, PRIMARY KEY (a, b));";

    private static readonly string[] Keys =
    [
        "abc", "ABC", "Abc", " abc", "abc ", "a'b", "a\"b", "a\\b", "a\\\\b", "[\"x\",\"y\"]", "{\"a\":1}", "a,b", "a/b", "a\tb", "a\nb", "a\r\nb", "\u0001", "null", "0", "00", "1", "1.0", "-1",
        "é", "e\u0301", "ß", "ẞ", "İ", "ﬀ", "日本語", "😀", "👩‍👩‍👧", "\u00a0", "\u200b", "\ufeff", "%_", "\\x00ff", "</script>", "<>&+", "\u2028", "\u007f", new('k', 2000), "",
    ];

    [Fact]
    public async Task Every_key_is_a_row_of_its_own_both_ways()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local);
        await InsertAsync(chain, "down ");
        await till.SyncAsync();
        Insert(till, "up ");
        await till.SyncAsync();
        await AssertSameAsync(chain, till, 2 * Keys.Length);

        till.Execute("UPDATE things SET v = v || '!'; UPDATE pairs SET v = v || '!'");
        await till.SyncAsync();
        await AssertSameAsync(chain, till, 2 * Keys.Length);
        await chain.Database.ExecuteAsync("UPDATE things SET v = v || '?'; UPDATE pairs SET v = v || '?'");
        await till.SyncAsync();
        await AssertSameAsync(chain, till, 2 * Keys.Length);
        Assert.Equal((long)Keys.Length, till.Scalar("SELECT count(*) FROM things WHERE v LIKE '%!?' AND id LIKE 'up %'"));

        till.Execute("DELETE FROM things WHERE id LIKE 'up %'; DELETE FROM pairs WHERE a LIKE 'up %'");
        await chain.Database.ExecuteAsync("DELETE FROM things WHERE id LIKE 'down %'; DELETE FROM pairs WHERE a LIKE 'down %'");
        await till.SyncAsync();
        await AssertSameAsync(chain, till, 0);
    }

    private static async Task InsertAsync(SyncFixture chain, string prefix)
    {
        foreach (var key in Keys)
        {
            await using var command = chain.Database.DataSource.CreateCommand("INSERT INTO things VALUES ($1, $2)");
            command.Parameters.AddWithValue(prefix + key);
            command.Parameters.AddWithValue(key);
            await command.ExecuteNonQueryAsync();
            await using var pair = chain.Database.DataSource.CreateCommand("INSERT INTO pairs VALUES ($1, $2, $2)");
            pair.Parameters.AddWithValue(prefix);
            pair.Parameters.AddWithValue(key);
            await pair.ExecuteNonQueryAsync();
        }
    }

    private static void Insert(Till till, string prefix)
    {
        using var connection = till.File.Open();
        foreach (var key in Keys)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO things VALUES ($p || $k, $k); INSERT INTO pairs VALUES ($p, $k, $k)";
            command.Parameters.AddWithValue("$p", prefix);
            command.Parameters.AddWithValue("$k", key);
            command.ExecuteNonQuery();
        }
    }

    private static async Task AssertSameAsync(SyncFixture chain, Till till, int rows)
    {
        foreach (var (central, local) in new[] { ("SELECT id || chr(2) || v FROM things ORDER BY id", "SELECT id || char(2) || v FROM things ORDER BY id"), ("SELECT a || chr(2) || b || chr(2) || v FROM pairs ORDER BY a, b", "SELECT a || char(2) || b || char(2) || v FROM pairs ORDER BY a, b") })
        {
            var expected = await chain.TextsAsync(central);
            Assert.Equal(rows, expected.Count);
            Assert.Equal(expected, till.Texts(local));
        }
        Assert.Empty(till.Texts("SELECT id || coalesce(last_error, '') FROM sync_queue"));
        Assert.Empty(till.Texts("SELECT key || reason FROM payflow_aside"));
        Assert.Equal(0, (await till.SyncAsync()).Moved);
    }
}
