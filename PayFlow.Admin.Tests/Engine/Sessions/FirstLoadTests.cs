using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>A terminal's tables come down for the first time.</summary>
public sealed class FirstLoadTests
{
    private const string Central = """
        CREATE TABLE products (id int PRIMARY KEY, name text);
        CREATE TABLE codes (id text PRIMARY KEY, product int REFERENCES products);
        INSERT INTO products SELECT i, 'product ' || i FROM generate_series(1, 25000) i;
        INSERT INTO codes SELECT 'c' || i, i FROM generate_series(1, 10) i;
        """;

    private const string Local = "CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE codes (id TEXT PRIMARY KEY, product INTEGER REFERENCES products ON UPDATE CASCADE); CREATE TABLE labels (product INTEGER);";
    private const string Printing = "CREATE TRIGGER printing AFTER INSERT ON products BEGIN INSERT INTO labels VALUES (NEW.id); END;";

    [Fact]
    public async Task The_POS_program_s_triggers_hear_of_every_row()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local + Printing);
        await till.SyncAsync();

        Assert.Equal(25_000L, till.Scalar("SELECT count(*) FROM products"));
        Assert.Equal(25_000L, till.Scalar("SELECT count(DISTINCT product) FROM labels"));
    }

    [Fact]
    public async Task A_trigger_that_the_POS_program_makes_between_two_pieces_hears_of_the_rest()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local);
        await chain.KillAtAsync(till, "load-chunk-written");
        Assert.Equal(10_000L, till.Scalar("SELECT count(*) FROM products"));
        till.Execute(Printing);
        till = await chain.ReopenAsync(till);
        await till.SyncAsync();

        Assert.Equal(25_000L, till.Scalar("SELECT count(*) FROM products"));
        Assert.Equal(15_000L, till.Scalar("SELECT count(*) FROM labels"));
    }

    [Fact]
    public async Task After_a_load_that_asked_no_triggers_they_are_asked_again_and_capture_goes_on()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local);
        await till.SyncAsync();
        Assert.Equal(0L, till.Scalar("SELECT count(*) FROM sync_queue"));

        till.Execute(Printing);
        await chain.Database.ExecuteAsync("INSERT INTO products VALUES (30000, 'new')");
        await till.SyncAsync();
        till.Execute("UPDATE products SET name = 'dearer' WHERE id = 30000");
        await till.SyncAsync();

        Assert.Equal(30_000L, till.Scalar("SELECT product FROM labels"));
        Assert.Equal("dearer", await chain.Database.ScalarAsync<string>("SELECT name FROM products WHERE id = 30000"));
    }
}
