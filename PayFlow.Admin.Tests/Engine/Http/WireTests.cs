using System.Text.Json;
using FsCheck;
using PayFlow.Admin.Tests.Engine.Sessions;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Http;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Http;

/// <summary>What travels arrives as it left.</summary>
public sealed class WireTests
{
    public static TheoryData<string, CellValue> Values => new()
    {
        { "null", CellValue.Null },
        { "0", CellValue.Of(0) },
        { "9007199254740991", CellValue.Of(9007199254740991) },
        { "\"i9007199254740992\"", CellValue.Of(9007199254740992) },
        { "\"i-9223372036854775808\"", CellValue.Of(long.MinValue) },
        { "\"r0.1\"", CellValue.Of(0.1) },
        { "\"r-0\"", CellValue.Of(-0.0) },
        { "\"r5E-324\"", CellValue.Of(double.Epsilon) },
        { "\"rInfinity\"", CellValue.Of(double.PositiveInfinity) },
        { "\"n7FF8000000000001\"", CellValue.Of(BitConverter.Int64BitsToDouble(0x7FF8000000000001)) },
        { "\"s\"", CellValue.Of(string.Empty) },
        { "\"sa\\u0000b\"", CellValue.Of("a\0b") },
        { "\"s€\\uD83D\\uDE00\"", CellValue.Of("€😀") },
        { "\"wPdg=\"", CellValue.Of("\ud83d") },
        { "\"b\"", CellValue.Of(Array.Empty<byte>()) },
        { "\"bAP8=\"", CellValue.Of([0x00, 0xFF]) },
        { "\"l17\"", CellValue.LocalReference("17") },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_has_one_form_and_comes_back_bit_for_bit(string json, CellValue value)
    {
        var row = new DownloadedRow("k", [value]);
        var written = JsonSerializer.Serialize(Page(row), WireContext.Wire.StampedPage);
        Assert.Contains($"[\"k\",[{json}]]", written, StringComparison.Ordinal);
        Assert.Equal(value, JsonSerializer.Deserialize(written, WireContext.Wire.StampedPage)!.Rows[0].Values![0]);
    }

    [Fact]
    public void Whatever_a_row_holds_its_checksum_is_the_same_when_it_arrives()
    {
        var cell = Gen.OneOf(
            Gen.Constant(CellValue.Null),
            Arb.Default.Int64().Generator.Select(CellValue.Of),
            Arb.Default.Int64().Generator.Select(bits => CellValue.Of(BitConverter.Int64BitsToDouble(bits))),
            Arb.Default.Float().Generator.Select(CellValue.Of),
            Gen.ArrayOf(Gen.Choose(0, 0xFFFF).Select(c => (char)c)).Select(c => CellValue.Of(new string(c))),
            Gen.ArrayOf(Arb.Default.Byte().Generator).Select(CellValue.Of),
            Gen.Choose(0, 999).Select(k => CellValue.LocalReference(k.ToString(System.Globalization.CultureInfo.InvariantCulture))));
        var image = Gen.OneOf(Gen.Constant((CellValue[]?)null), Gen.ArrayOf(cell).Select(c => (CellValue[]?)c));
        var row = from key in Gen.Choose(0, int.MaxValue)
                  from values in image
                  from before in image
                  from server in Gen.Elements(null, "s/1")
                  from attempts in Gen.Choose(0, 2)
                  select new RowChange { Key = $"k{key}", Values = values, Base = before, ServerKey = server, Attempts = attempts };
        Prop.ForAll(Arb.From(Gen.ListOf(row)), rows =>
        {
            var batch = new ChangeBatch { Id = Guid.NewGuid(), RunId = Guid.NewGuid(), Seen = new LogPosition(1, long.MaxValue, 3), IsRestored = !rows.IsEmpty, Sections = [new TableSection { Table = "t", Columns = ["a"], Rows = [.. rows] }] }.Sealed();
            var arrived = JsonSerializer.Deserialize(JsonSerializer.SerializeToUtf8Bytes(batch, WireContext.Wire.ChangeBatch), WireContext.Wire.ChangeBatch)!;
            arrived.RequireIntact();
            return arrived.Sections[0].Rows.Zip(rows).All(p => p.First.Attempts == p.Second.Attempts && p.First.ServerKey == p.Second.ServerKey);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("true")]
    [InlineData("1.5")]
    [InlineData("\"\"")]
    [InlineData("\"q1\"")]
    [InlineData("\"i1.5\"")]
    [InlineData("\"i99999999999999999999\"")]
    [InlineData("\"bno\"")]
    [InlineData("\"wAA==\"")]
    [InlineData("{}")]
    public void What_is_no_value_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize($$"""{"rows":[["k",[{{json}}]]],"next":{},"isLast":true}""", WireContext.Wire.StampedPage));

    [Fact]
    public async Task A_plan_arrives_with_everything_that_a_run_takes_from_it()
    {
        await using var chain = await SyncFixture.CreateAsync(Shop.Central, new TableMapEntry { Name = "orders", Renames = new Dictionary<string, string> { ["status"] = "status" }, Filter = "status <> 'x'" }, new TableMapEntry { Name = "order_items" }, new TableMapEntry { Name = "products" });
        var till = await chain.TillAsync("T1", Shop.Local);
        await using var central = new PostgresCentral(chain.Source);
        using var database = Sync.Engine.Terminals.SqliteDatabase.Open(till.File.Path);
        var welcome = await central.OpenAsync(new Hello { Terminal = "T1", RunId = Guid.NewGuid(), Schema = new Sync.Engine.Terminals.TerminalStore(database).ReadSchema(), SchemaVersion = "x" }, CancellationToken.None);
        var json = JsonSerializer.Serialize(welcome.Plan, WireContext.Wire.SyncPlan);
        var arrived = JsonSerializer.Deserialize(json, WireContext.Wire.SyncPlan)!;

        Assert.Equal(json, JsonSerializer.Serialize(arrived, WireContext.Wire.SyncPlan));
        foreach (var (left, came) in welcome.Plan.Tables.Zip(arrived.Tables))
        {
            Assert.Equal(left.Columns, came.Columns);
            Assert.Equal(left.TerminalKey, came.TerminalKey);
            Assert.Equal(left.CentralKey, came.CentralKey);
            Assert.Equal((left.KeyMode, left.ServerIdColumn, left.Rank, left.Pulls, left.Pushes, left.Entry.Filter), (came.KeyMode, came.ServerIdColumn, came.Rank, came.Pulls, came.Pushes, came.Entry.Filter));
        }
    }

    [Fact]
    public void A_token_says_how_far_each_table_was_read_and_what_is_none_is_refused()
    {
        var places = new Dictionary<string, LogPosition> { ["orders"] = new(1, 5, 7), ["a\tb/ü"] = new(1, 5, 7), ["products"] = new(2, 0, 0) };
        Assert.Equal(places.OrderBy(p => p.Key, StringComparer.Ordinal), SyncToken.Read(SyncToken.Write(places)).OrderBy(p => p.Key, StringComparer.Ordinal));
        foreach (var wrong in new[] { null, "", "1.", "2.AAAA", "1.!!", "1.AAAA", SyncToken.Write(places) + "AAAA", SyncToken.Write(places)[..^2] })
            Assert.Equal(SyncErrorCode.Protocol, Assert.Throws<SyncException>(() => SyncToken.Read(wrong)).Code);
    }

    private static StampedPage Page(DownloadedRow row) => new([row], default, IsLast: true);
}
