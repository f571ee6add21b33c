using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Tables;

public sealed class RowFilterTests
{
    [Fact]
    public void Attributes_become_parameters_and_nothing_else_changes()
    {
        var filter = RowFilter.Parse("orders", "store_id = {terminal.store_id} OR (region={ terminal.region }::int AND note <> 'it''s (fine; --really')");
        var bound = new List<string>();
        var sql = filter.ToSql(name =>
        {
            bound.Add(name);
            return "$" + bound.Count;
        });
        Assert.Equal("(store_id = $1 OR (region=$2::int AND note <> 'it''s (fine; --really'))", sql);
        Assert.Equal(["store_id", "region"], bound);
        Assert.Equal(["store_id", "region"], filter.Attributes);
    }

    [Theory]
    [InlineData("store_id = {terminal.store_id}", "store_id")]
    [InlineData("lower(kind) = 'a' AND created_at > now() - interval '1 day'", "created_at")]
    [InlineData("\"Store Id\" IN (1, 2) AND state NOT IN ('x') AND date '2024-01-01' < day", "Store Id,state,day")]
    [InlineData("x::double precision > 1 AND active", "x")]
    [InlineData("true", "")]
    public void Names_that_can_only_be_columns_are_known(string text, string columns) =>
        Assert.Equal(columns, string.Join(',', RowFilter.Parse("t", text).Columns));

    [Theory]
    [InlineData("a = 1; DROP TABLE t", "semicolon")]
    [InlineData("a = 1 -- b", "comment")]
    [InlineData("a = 1 /* b", "comment")]
    [InlineData("a = 'b", "' that is never closed")]
    [InlineData("\"a = 1", "\" that is never closed")]
    [InlineData("(a = 1", "( that is never closed")]
    [InlineData("a = 1) OR (b = 1", ") that was never opened")]
    [InlineData("(a = b[1)]", ") that was never opened")]
    [InlineData("a = $1", "contains a $")]
    [InlineData("a = {store_id}", "braces that are not {terminal.NAME}")]
    [InlineData("a = 1}", "} without its {")]
    [InlineData("a = '{terminal.x}'", "inside quotes")]
    [InlineData("a = E'\\n'", "prefix E")]
    [InlineData("a = U&'x'", "prefix")]
    [InlineData("a = {terminal.x}1", "without a space")]
    [InlineData("a{terminal.x} = 1", "without a space")]
    [InlineData("a IN (SELECT b FROM c)", "contains SELECT")]
    [InlineData("  ", "is empty")]
    public void What_could_reach_beyond_a_condition_is_refused(string text, string reason)
    {
        var e = Assert.Throws<SyncException>(() => RowFilter.Parse("orders", text));
        Assert.Contains("table orders: the filter", e.Message, StringComparison.Ordinal);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_without_the_attribute_is_named()
    {
        var filter = RowFilter.Parse("orders", "store_id = {terminal.store_id}");
        Assert.Equal("7", filter.ValueOf("store_id", "till-1", new Dictionary<string, string> { ["store_id"] = "7" }));
        var e = Assert.Throws<SyncException>(() => filter.ValueOf("store_id", "till-1", new Dictionary<string, string>()));
        Assert.Contains("terminal till-1 has no attribute store_id", e.Message, StringComparison.Ordinal);
    }
}
