using Xunit;

namespace PayFlow.Admin.Tests.Engine.Sessions;

/// <summary>Tables that refer to themselves.</summary>
public sealed class SelfReferenceTests
{
    private const string Central = """
        CREATE TABLE categories (id text PRIMARY KEY, parent text REFERENCES categories, position int);
        CREATE FUNCTION clamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.position := least(NEW.position, 3); RETURN NEW; END $$;
        CREATE TRIGGER clamp BEFORE INSERT OR UPDATE ON categories FOR EACH ROW EXECUTE FUNCTION clamp();
        """;

    private const string Local = "CREATE TABLE categories (id TEXT PRIMARY KEY, parent TEXT REFERENCES categories(id), position INTEGER)";

    [Fact]
    public async Task A_new_parent_that_its_child_took_along_is_sent_once()
    {
        await using var chain = await SyncFixture.CreateAsync(Central);
        var till = await chain.TillAsync("T1", Local);
        till.Execute("INSERT INTO categories VALUES ('z', NULL, 9); INSERT INTO categories VALUES ('a', 'z', 9)");

        var report = await till.SyncAsync();

        Assert.Equal(2, report.Tables.Sum(t => t.Inserted));
        Assert.Equal(0L, await chain.Database.ScalarAsync<long>("SELECT count(*) FROM payflow.conflicts"));
        Assert.Equal(6L, till.File.Scalar("SELECT sum(position) FROM categories"));
        Assert.Equal(0L, till.File.Scalar("SELECT count(*) FROM sync_queue"));
    }
}
