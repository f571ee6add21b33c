using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Tables;

/// <summary>What the planner says of a map, or of tables, that cannot be.</summary>
public sealed class SyncPlannerProblemTests
{
    [Fact]
    public void All_problems_are_reported_at_once()
    {
        var e = Assert.Throws<SyncException>(() => SyncPlanner.Build(
            new TableMap([new() { Name = "nowhere" }, new() { Name = "t", Priority = 7, BatchSize = 0, Exclude = ["nix"], Match = ["nix"], Filter = "stoer_id = 1" }, new() { Name = "T" }]),
            Schemas.Of(Schemas.Table("t", "id TEXT")), Schemas.Of(Schemas.Table("t", "id text"))));
        Assert.Equal(SyncErrorCode.InvalidConfiguration, e.Code);
        foreach (var line in new[]
        {
            "table nowhere: neither the terminal nor central has such a table; correct the name", "table t: priority 7", "table t: batchSize 0",
            "t.nix: named in \"exclude\"", "t.nix: named in \"match\"", "t.stoer_id: named in the filter", "table t: the map names it 2 times",
        })
            Assert.Contains(line, e.Message, StringComparison.Ordinal);
        Assert.Contains("has 7 problems", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_single_problem_is_the_message_and_its_remedy_the_hint(TableMapEntry entry, string terminal, string central, string message)
    {
        var e = Planned.Fault(entry, Schemas.Table("t", terminal.Split(',')), Schemas.Table("t", central.Split(',')));
        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.NotNull(e.Hint);
    }

    public static TheoryData<TableMapEntry, string, string, string> Faults => new()
    {
        { new() { Name = "t", Renames = Planned.Renames("x", "y") }, "id TEXT", "id text,y text", "t.x: named in \"renames\", but the terminal's table has no such column" },
        { new() { Name = "t", Renames = Planned.Renames("x", "y") }, "id TEXT,x TEXT", "id text,x text", "t.x: renamed to y, but central's t has no such column" },
        { new() { Name = "t", Renames = Planned.Renames("x", "y") }, "id TEXT,x TEXT,y TEXT", "id text,y text", "t.y: x and y both travel to central's y" },
        { new() { Name = "t", Exclude = ["id"] }, "id TEXT,x TEXT", "id text,x text", "t.id: is part of the key and cannot be excluded" },
        { new() { Name = "t" }, "code TEXT,id TEXT", "id text", "t.id: travels to central's key column id, but the terminal's key is (code)" },
        { new() { Name = "t", TerminalCapture = CaptureMode.Timestamp }, "id TEXT", "id text", "table t: terminalCapture \"timestamp\" needs a column" },
        { new() { Name = "t", CentralCapture = CaptureMode.Timestamp }, "id TEXT,updated_at TEXT", "id text,updated_at text", "table t: centralCapture \"timestamp\" needs a timestamp column" },
        { new() { Name = "t", Conflicts = ConflictPolicy.LastWriterWins }, "id TEXT", "id text", "table t: conflicts \"last-writer-wins\" needs" },
        { new() { Name = "t" }, "id TEXT", "id text,need text!", "t.need: central's t requires it (NOT NULL, no default), but the terminal does not have it" },
        { new() { Name = "t" }, "local_id TEXT,server_id TEXT", "id int4!", "t.id: central's t gives new rows no id" },
        { new() { Name = "t", Filter = "a = 1; DROP TABLE t" }, "id TEXT", "id text", "table t: the filter \"a = 1; DROP TABLE t\" contains a semicolon" },
        { new() { Name = "t", WriteFilter = "id = (SELECT 1)" }, "id TEXT", "id text", "table t: the writeFilter \"id = (SELECT 1)\" contains SELECT" },
        { new() { Name = "t", WriteFilter = "stoer = 1" }, "id TEXT", "id text", "t.stoer: named in the writeFilter, but central's t has no such column" },
    };
}
