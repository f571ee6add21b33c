using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Tables;

public sealed class SchemaJsonTests
{
    [Fact]
    public void Nothing_of_a_schema_is_lost()
    {
        using var file = new TerminalFile("""
            CREATE TABLE parents (a INTEGER NOT NULL, b TEXT COLLATE NOCASE, at TEXT DEFAULT '2026-01-01', twice INTEGER GENERATED ALWAYS AS (a * 2), PRIMARY KEY (a, b)) WITHOUT ROWID;
            CREATE TABLE children (id INTEGER PRIMARY KEY AUTOINCREMENT, a INTEGER, b TEXT, UNIQUE (b), FOREIGN KEY (a, b) REFERENCES parents ON DELETE CASCADE);
            CREATE INDEX some ON children (a) WHERE a > 1;
            """);
        using var connection = file.Open();
        var schema = SqliteSchemaReader.Read(connection);

        var read = SchemaJson.Read(SchemaJson.Write(schema));

        Assert.Equal(SchemaJson.Write(schema), SchemaJson.Write(read));
        Assert.Equal(schema.Tables.SelectMany(t => t.Columns), read.Tables.SelectMany(t => t.Columns));
        Assert.Equal(schema.Find("children")!.ForeignKeys[0].OnDelete, read.Find("children")!.ForeignKeys[0].OnDelete);
        Assert.Equal(schema.Find("parents")!.WithoutRowid, read.Find("parents")!.WithoutRowid);
    }

    [Fact]
    public async Task Central_remembers_a_terminals_tables_as_it_saw_them_last()
    {
        await using var dispute = await Dispute.CreateAsync();
        dispute.One.Execute("ALTER TABLE customers ADD COLUMN email TEXT");

        await dispute.One.SyncAsync();

        Assert.Equal(["T1"], await dispute.Chain.TextsAsync("SELECT id FROM payflow.terminals WHERE schema::text LIKE '%\"email\"%'"));
    }
}
