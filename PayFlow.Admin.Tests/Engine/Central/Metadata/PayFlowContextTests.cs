using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using PayFlow.Admin.Tests.Fixtures;
using PayFlow.Sync.Engine.Central.Metadata;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Central.Metadata;

public sealed class PayFlowContextTests
{
    private const string Columns = """
        SELECT array_agg(c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN '' ELSE ' null' END)
          FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE c.relnamespace = 'payflow'::regnamespace AND c.relkind = 'r' AND c.relname <> '__EFMigrationsHistory'
        """;

    private const string Keys = """
        SELECT array_agg(c.relname || '(' || (SELECT string_agg(a.attname, ',' ORDER BY k.position)
                                               FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, position)
                                               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number) || ')')
          FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
         WHERE c.relnamespace = 'payflow'::regnamespace AND c.relname <> '__EFMigrationsHistory'
        """;

    [Fact]
    public async Task The_model_is_what_the_migrations_make()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await MetadataMigrator.MigrateAsync(central.DataSource);
        await using var context = PayFlowContext.Open(central.DataSource);
        var entities = context.Model.GetEntityTypes().ToList();
        Assert.Equal(
            (await central.ScalarAsync<string[]>(Columns))!.Order(StringComparer.Ordinal),
            entities.SelectMany(e => e.GetProperties().Select(p => Describe(e, p))).Order(StringComparer.Ordinal));
        Assert.Equal(
            (await central.ScalarAsync<string[]>(Keys))!.Order(StringComparer.Ordinal),
            entities.Select(e => $"{e.GetTableName()}({string.Join(',', e.FindPrimaryKey()!.Properties.Select(p => p.GetColumnName()))})").Order(StringComparer.Ordinal));
        Assert.All(entities, e => Assert.Equal(PayFlowContext.Schema, e.GetSchema()));
    }

    [Fact]
    public async Task Every_table_can_be_written_and_read()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await MetadataMigrator.MigrateAsync(central.DataSource);
        var run = Guid.NewGuid();
        await using (var context = PayFlowContext.Open(central.DataSource))
        {
            context.AddRange(
                new TerminalRow { Id = "till-1", LogXid = ulong.MaxValue },
                new TableMapRow { Name = "products", Ordinal = 1, Entry = "{}" },
                new CapturedTableRow { SchemaName = "public", TableName = "products", KeyColumns = ["id"] },
                new ChangeLogRow { Generation = 1, TableId = 1, Op = 'T' },
                new LinkRow { TerminalId = "till-1", TableName = "orders", LocalKey = "1", ServerKey = "9" },
                new BatchRow { Id = Guid.NewGuid(), TerminalId = "till-1", Rows = 1, Result = "{}" },
                new JournalRow { TableName = "products", Op = 'D', Before = "{}", Keys = ["1", "2"] },
                new ConflictRow { TerminalId = "till-1", TableName = "products", Key = "1", Kind = "unique", Policy = "manual" },
                new AuditRow { Actor = "somebody", Action = "conflict.resolve", Detail = """{"take":"central"}""" },
                new EchoRow { TerminalId = "till-1", TableId = 1, Key = "1", Stamp = "x" },
                new SyncLogRow { Id = run, SyncType = "manual", Direction = "both", Status = "RUNNING", Tables = [new() { RunId = run, TableName = "products", Direction = "push" }] });
            await context.SaveChangesAsync();
        }
        await using (var context = PayFlowContext.Open(central.DataSource))
        {
            Assert.Equal(1, (await context.Central.SingleAsync()).Generation);
            Assert.Equal(ulong.MaxValue, (await context.Terminals.SingleAsync()).LogXid);
            Assert.Equal("products", (await context.TableMap.SingleAsync()).Name);
            Assert.Equal(["id"], (await context.CapturedTables.SingleAsync()).KeyColumns);
            Assert.Equal('T', (await context.ChangeLog.SingleAsync(c => c.Op == 'T')).Op);
            Assert.Equal("9", (await context.Links.SingleAsync()).ServerKey);
            Assert.Equal("{}", (await context.Batches.SingleAsync()).Result);
            Assert.Equal('D', (await context.Journal.SingleAsync()).Op);
            Assert.Equal("OPEN", (await context.Conflicts.SingleAsync()).State);
            Assert.Equal("somebody", (await context.Audit.SingleAsync()).Actor);
            Assert.Equal("x", (await context.Echoes.SingleAsync()).Stamp);
            Assert.Equal("push", Assert.Single((await context.SyncLog.Include(r => r.Tables).SingleAsync()).Tables).Direction);
        }
    }

    [Fact]
    public async Task A_row_has_one_open_conflict_and_any_number_of_resolved_ones()
    {
        await using var central = await CentralDatabase.CreateAsync();
        await MetadataMigrator.MigrateAsync(central.DataSource);
        const string add = "INSERT INTO payflow.conflicts (terminal_id, table_name, key, kind, policy, state) VALUES ('a', 't', '1', 'unique', 'manual', ";
        await central.ExecuteAsync(add + "'RESOLVED')");
        await central.ExecuteAsync(add + "'RESOLVED')");
        await central.ExecuteAsync(add + "'OPEN')");
        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => central.ExecuteAsync(add + "'OPEN')"));
        Assert.Equal("23505", refused.SqlState);
    }

    private static string Describe(IEntityType entity, IProperty property) =>
        $"{entity.GetTableName()}.{property.GetColumnName()} {property.GetColumnType()}{(property.IsNullable ? " null" : string.Empty)}";
}
