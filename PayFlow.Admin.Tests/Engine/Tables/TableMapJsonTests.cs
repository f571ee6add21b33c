using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Tables;

public sealed class TableMapJsonTests
{
    private const string Full =
        """
        {
          "tables": [
            {
              "name": "products",
              "centralName": "shop.products",
              "renames": {
                "stock_quantity": "master_stock_quantity"
              },
              "exclude": [
                "margin"
              ],
              "direction": "push",
              "priority": 2,
              "conflicts": "last-writer-wins",
              "fallback": "server-wins",
              "additive": [
                "stock_quantity"
              ],
              "deletes": "soft",
              "terminalCapture": "timestamp",
              "centralCapture": "trigger",
              "filter": "store_id = {terminal.store_id}",
              "writeFilter": "any",
              "unlinked": "skip",
              "match": [
                "sku"
              ],
              "batchSize": 250,
              "enabled": false
            }
          ]
        }
        """;

    [Fact]
    public void A_map_that_is_written_reads_back_the_same()
    {
        var map = TableMapJson.Parse(Full);
        var entry = Assert.Single(map.Tables);
        Assert.Equal("shop.products", entry.CentralName);
        Assert.Equal("master_stock_quantity", entry.Renames["STOCK_QUANTITY"]);
        Assert.Equal(["margin"], entry.Exclude);
        Assert.Equal(SyncDirection.Push, entry.Direction);
        Assert.Equal(2, entry.Priority);
        Assert.Equal(ConflictPolicy.LastWriterWins, entry.Conflicts);
        Assert.Equal(ConflictPolicy.ServerWins, entry.Fallback);
        Assert.Equal(["stock_quantity"], entry.Additive);
        Assert.Equal(DeleteMode.Soft, entry.Deletes);
        Assert.Equal(CaptureMode.Timestamp, entry.TerminalCapture);
        Assert.Equal(CaptureMode.Trigger, entry.CentralCapture);
        Assert.Equal("store_id = {terminal.store_id}", entry.Filter);
        Assert.Equal("any", entry.WriteFilter);
        Assert.Equal(UnlinkedRows.Skip, entry.Unlinked);
        Assert.Equal(["sku"], entry.Match);
        Assert.Equal(250, entry.BatchSize);
        Assert.False(entry.Enabled);
        Assert.Equal(Full.ReplaceLineEndings(), TableMapJson.Write(map).ReplaceLineEndings());
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var entry = Assert.Single(TableMapJson.Parse("""{"tables":[{"name":"orders"}]}""").Tables);
        Assert.Equal(new TableMapEntry { Name = "orders", Renames = entry.Renames, Exclude = entry.Exclude, Match = entry.Match }, entry);
        var written = TableMapJson.Write(new TableMap([entry]));
        Assert.Equal(written, TableMapJson.Write(TableMapJson.Parse(written)));
    }

    [Fact]
    public void Comments_trailing_commas_and_a_byte_order_mark_are_allowed() =>
        Assert.Equal("a", TableMapJson.Parse("\uFEFF{ // the map\n\"tables\": [{\"name\": \"a\",},],}").Tables[0].Name);

    [Theory]
    [InlineData("{\"tables\":[\n{\"name\":\"products\",\n\"direktion\":\"both\"}]}", "line 3, table products, field \"direktion\": unknown field")]
    [InlineData("{\"tables\":[{\n\"direction\":\"sideways\",\"name\":\"products\"}]}", "line 2, table products, field \"direction\": \"sideways\" is not known")]
    [InlineData("{\"tables\":[{\"name\":\"products\"},\n{\"name\":\"Products\"}]}", "line 2, table Products: the table stands in the map twice")]
    [InlineData("{\"tables\":[{\"name\":\"products\",\n\"priority\":\"high\"}]}", "line 2, table products, field \"priority\": must be a whole number")]
    [InlineData("{\"tables\":[{\"name\":\"a\",\n\"name\":\"b\"}]}", "line 2, table a, field \"name\": the field stands twice")]
    [InlineData("{\"tables\":[{\"name\":\"a\",\"exclude\":[\"x\",\n\"X\"]}]}", "line 2, table a, field \"exclude\": \"X\" stands twice")]
    [InlineData("{\"tables\":[{\"name\":\"a\",\"renames\":{\"x\":\"y\",\n\"X\":\"z\"}}]}", "line 2, table a, field \"renames\": \"X\" stands twice")]
    [InlineData("{\"tables\":[{\"priority\":1}]}", "line 1: an entry has no \"name\"")]
    [InlineData("{\"tables\":[]\n,\"version\":1}", "line 2, field \"version\": unknown field \"version\"")]
    [InlineData("{}", "\"tables\" is missing")]
    [InlineData("[]", "must be an object with \"tables\"")]
    [InlineData("{\"tables\":[\n{\"name\":}]}", "line 2: this is no JSON")]
    [InlineData("{\"tables\":[]} {}", "line 1: this is no JSON")]
    [InlineData("", "this is no JSON")]
    public void A_fault_names_line_table_and_field(string json, string expected)
    {
        var e = Assert.Throws<SyncException>(() => TableMapJson.Parse(json));
        Assert.Equal(SyncErrorCode.InvalidConfiguration, e.Code);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.NotNull(e.Hint);
    }

    [Fact]
    public void A_wrong_word_is_answered_with_the_allowed_ones()
    {
        var e = Assert.Throws<SyncException>(() => TableMapJson.Parse("""{"tables":[{"name":"a","conflicts":"newest"}]}"""));
        Assert.Equal("Allowed: server-wins, local-wins, last-writer-wins, merge, manual.", e.Hint);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var e = Assert.Throws<SyncException>(() => TableMapJson.ParseFile("no/such/map.json"));
        Assert.Contains("no/such/map.json does not exist", e.Message, StringComparison.Ordinal);
    }
}
