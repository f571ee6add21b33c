using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>What central makes of a row goes back to the till that sent it.</summary>
public sealed class AnswerTests
{
    private const string Central = """
        CREATE TABLE sales (id int PRIMARY KEY, product int, quantity int, total numeric(10,2), note text, doubled int GENERATED ALWAYS AS (quantity * 2) STORED);
        CREATE TABLE stock (product int PRIMARY KEY, quantity int);
        CREATE FUNCTION tidy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.note := upper(NEW.note); RETURN NEW; END $$;
        CREATE TRIGGER tidy BEFORE INSERT OR UPDATE ON sales FOR EACH ROW EXECUTE FUNCTION tidy();
        CREATE FUNCTION take() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE stock SET quantity = quantity - NEW.quantity WHERE product = NEW.product; RETURN NULL; END $$;
        CREATE TRIGGER take AFTER INSERT ON sales FOR EACH ROW EXECUTE FUNCTION take();
        """;

    private const string Local = """
        CREATE TABLE sales (id INTEGER PRIMARY KEY, product INTEGER, quantity INTEGER, total TEXT, note TEXT, doubled INTEGER);
        CREATE TABLE stock (product INTEGER PRIMARY KEY, quantity INTEGER);
        """;

    [Fact]
    public async Task What_centrals_triggers_make_of_a_row_and_of_others_reaches_the_uploading_till()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        await chain.Database.ExecuteAsync("INSERT INTO stock VALUES (1, 100)");
        var (till, other) = (await chain.TillAsync("T1", Local), await chain.TillAsync("T2", Local));
        await till.SyncAsync();
        till.Execute("INSERT INTO sales (id, product, quantity, total, note) VALUES (1, 1, 3, '1.239', 'hello')");
        await till.SyncAsync();
        await till.SyncAsync();
        Assert.Equal("HELLO|6", till.Scalar("SELECT note || '|' || doubled FROM sales"));
        Assert.Equal(97L, till.Scalar("SELECT quantity FROM stock"));
        await other.SyncAsync();
        Assert.Equal(till.File.Rows("SELECT id, note, total, doubled FROM sales"), other.File.Rows("SELECT id, note, total, doubled FROM sales"));
        Assert.Equal(0, (await till.SyncAsync()).Moved);

        till.Execute("UPDATE sales SET note = 'bye' WHERE id = 1");
        await till.SyncAsync();
        Assert.Equal("BYE", till.Scalar("SELECT note FROM sales"));
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts"));
    }

    [Theory]
    [InlineData("batch-claimed")]
    [InlineData("batch-applied")]
    public async Task What_central_acknowledged_is_the_before_image_of_a_row_changed_on_the_way(string step)
    {
        await using var chain = await SyncFixture.CreateAsync(Central, new TableMapEntry { Name = "sales", Conflicts = ConflictPolicy.Manual }, new TableMapEntry { Name = "stock" });
        var till = await chain.TillAsync("T1", Local);
        till.Execute("INSERT INTO sales (id, product, quantity, note) VALUES (1, 1, 3, 'hello')");
        var meddled = false;
        till = await chain.ReopenAsync(till, new SyncOptions
        {
            Step = name =>
            {
                if (name == step && !meddled)
                {
                    meddled = true;
                    till.Execute("UPDATE sales SET quantity = 4 WHERE id = 1");
                }
            },
        });
        await till.SyncAsync();
        await till.SyncAsync();
        Assert.Equal("HELLO4", await chain.Database.ScalarAsync<string>("SELECT note || quantity FROM sales"));
        Assert.Equal("HELLO4", till.Scalar("SELECT note || quantity FROM sales"));
        Assert.Empty(till.Texts("SELECT id FROM sync_queue"));
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts"));
    }

    [Fact]
    public async Task Central_changing_a_row_between_upload_and_acknowledgement_is_not_missed()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local);
        till.Execute("INSERT INTO sales (id, product, quantity, note) VALUES (1, 1, 3, 'A')");
        till = await chain.KillAtAsync(till, "batch-applied");
        await chain.Database.ExecuteAsync("UPDATE sales SET quantity = 9");
        await till.SyncAsync();
        Assert.Equal(9L, till.Scalar("SELECT quantity FROM sales"));
        Assert.Equal(9, await chain.Database.ScalarAsync<int>("SELECT quantity FROM sales"));
    }
}
