using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Engine.Tables;

public sealed class SyncPlannerTests
{
    [Fact]
    public void Without_a_map_tables_of_the_same_name_are_planned_and_the_others_are_left_alone()
    {
        var plan = SyncPlanner.Build(
            null,
            Schemas.Of(Schemas.Table("a", "id TEXT", "name TEXT"), Schemas.Table("only_here", "id TEXT")),
            Schemas.Of(Schemas.Table("a", "id text", "name text"), Schemas.Table("only_there", "id text")));
        var table = Assert.Single(plan.Tables);
        Assert.Equal(KeyMode.Shared, table.KeyMode);
        Assert.Equal([(true, 0), (false, -1)], table.Columns.Select(c => (c.IsKey, c.KeyOrdinal)));
        Assert.Empty(plan.Warnings);
    }

    [Fact]
    public void Without_a_map_a_table_that_cannot_be_synced_is_left_out_with_a_warning()
    {
        var plan = SyncPlanner.Build(
            null,
            Schemas.Of(Schemas.Table("a", "id TEXT"), Schemas.Table("b", "x TEXT") with { Key = [] }),
            Schemas.Of(Schemas.Table("a", "id text"), Schemas.Table("b", "x text")));
        Assert.Equal(["a"], plan.Tables.Select(t => t.Name));
        Assert.Contains("table b: the terminal's table has no primary key; add one or remove the table from the map. The table is left out.", plan.Warnings);
    }

    [Fact]
    public void A_map_without_a_usable_table_says_so() =>
        Assert.Contains("no table", Assert.Single(SyncPlanner.Build(new TableMap([]), Schemas.Of(), Schemas.Of()).Warnings), StringComparison.Ordinal);

    [Fact]
    public void Local_only_columns_stay_unless_central_has_them()
    {
        var table = Planned.One(
            new TableMapEntry { Name = "orders" },
            Schemas.Table("orders", "id TEXT", "terminal_id TEXT", "sync_status TEXT", "sync_operation TEXT", "last_sync_at TEXT", "server_id TEXT"),
            Schemas.Table("orders", "id text", "terminal_id text"));
        Assert.Equal(["id", "terminal_id"], table.Columns.Select(c => c.Terminal.Name));
        Assert.Equal(("server_id", "sync_status", "last_sync_at"), (table.ServerIdColumn, table.SyncStatusColumn, table.LastSyncColumn));
        Assert.Equal(KeyMode.Shared, table.KeyMode);
    }

    [Fact]
    public void A_bookkeeping_column_that_central_has_is_data_and_not_kept_by_the_engine()
    {
        var table = Planned.One(new TableMapEntry { Name = "t" }, Schemas.Table("t", "id TEXT", "sync_status TEXT"), Schemas.Table("t", "id text", "sync_status text"));
        Assert.Equal(2, table.Columns.Count);
        Assert.Null(table.SyncStatusColumn);
    }

    [Fact]
    public void Renames_and_excludes_are_followed_without_regard_to_case()
    {
        var table = Planned.One(
            new TableMapEntry
            {
                Name = "PRODUCTS",
                CentralName = "goods",
                Exclude = ["Margin"],
                Renames = new Dictionary<string, string> { ["Stock_Quantity"] = "master_stock_quantity" },
            },
            Schemas.Table("products", "id TEXT", "stock_quantity INT", "margin REAL"),
            Schemas.Table("goods", "id text", "master_stock_quantity int4", "margin float8"));
        Assert.Equal([("id", "id"), ("stock_quantity", "master_stock_quantity")], table.Columns.Select(c => (c.Terminal.Name, c.Central.Name)));
    }

    [Fact]
    public void A_table_with_its_own_key_and_server_id_is_linked_and_neither_key_travels()
    {
        var table = Planned.One(
            new TableMapEntry { Name = "customers" },
            Schemas.Table("customers", "local_id INTEGER!", "Server_Id TEXT", "name TEXT"),
            Schemas.Table("customers", "id uuid", "name text", "local_id text"));
        Assert.Equal(KeyMode.Linked, table.KeyMode);
        Assert.Equal(["name"], table.Columns.Select(c => c.Terminal.Name));
        Assert.Equal(["local_id"], table.TerminalKey.Select(c => c.Name));
        Assert.Equal(["id"], table.CentralKey.Select(c => c.Name));
        Assert.Equal("Server_Id", table.ServerIdColumn);
    }

    [Fact]
    public void A_numbering_key_beside_a_uuid_is_linked_where_there_is_a_server_id_and_refused_where_there_is_none()
    {
        var central = Schemas.Table("t", "id uuid", "name text");
        Assert.Equal(KeyMode.Linked, Planned.One(new TableMapEntry { Name = "t" }, Schemas.Table("t", "id INTEGER!", "server_id TEXT", "name TEXT"), central).KeyMode);
        Assert.Contains("t.id: is a number, but central's key is a uuid", Planned.Fault(new TableMapEntry { Name = "t" }, Schemas.Table("t", "id INTEGER!", "name TEXT"), central).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_uuid_that_a_till_keeps_in_sixteen_bytes_is_no_key_to_know_rows_by()
    {
        var central = Schemas.Table("t", "id uuid", "name text");
        Assert.Contains("t.id: is a BLOB, but central's key is a uuid", Planned.Fault(new TableMapEntry { Name = "t" }, Schemas.Table("t", "id BLOB", "name TEXT"), central).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dot_in_the_name_of_a_till_s_table_leads_to_no_other_schema_unless_the_map_says_so()
    {
        var central = new TableSchema { Schema = "hr", Name = "salaries", Columns = Schemas.Table("salaries", "id text", "amount text").Columns, Key = Schemas.Table("salaries", "id text").Key };
        var terminal = Schemas.Table("hr.salaries", "id TEXT", "amount TEXT");

        Assert.Empty(SyncPlanner.Build(null, Schemas.Of(terminal), Schemas.Of(central)).Tables);
        Assert.Same(central, Planned.One(new TableMapEntry { Name = "hr.salaries", CentralName = "hr.salaries" }, terminal, central).Central);
    }

    [Fact]
    public void Keys_of_both_sides_are_in_the_same_order()
    {
        var table = Planned.One(
            new TableMapEntry { Name = "lines" },
            Schemas.Table("lines", "a TEXT", "b TEXT") with { Key = ["a", "b"] },
            Schemas.Table("lines", "b text", "a text") with { Key = ["b", "a"] });
        Assert.Equal(["b", "a"], table.TerminalKey.Select(c => c.Name));
        Assert.Equal([1, 0], table.Columns.Select(c => c.KeyOrdinal));
    }

    [Theory]
    [InlineData("missing", "the terminal's table has no such column")]
    [InlineData("local", "it does not travel")]
    [InlineData("id", "it is part of the key")]
    [InlineData("name", "is no number (text)")]
    [InlineData("updated_at", "it says when the row was last changed")]
    [InlineData("photo", "it is no number at the terminal (BLOB)")]
    public void An_additive_column_is_a_number_on_both_sides(string column, string reason)
    {
        var refusal = Assert.Throws<SyncException>(() => Planned.One(
            new TableMapEntry { Name = "t", Additive = ["stock", column] },
            Schemas.Table("t", "id INTEGER", "stock INTEGER", "local INTEGER", "name TEXT", "updated_at TEXT", "photo BLOB"),
            Schemas.Table("t", "id int4", "stock int4", "name text", "updated_at timestamptz", "photo int4")));
        Assert.Contains($"t.{column}: named in \"additive\", but ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ConflictPolicy.ServerWins, ConflictPolicy.LocalWins, "has no effect beside conflicts \"server-wins\"")]
    [InlineData(ConflictPolicy.Merge, ConflictPolicy.Merge, "decides nothing")]
    [InlineData(ConflictPolicy.Merge, ConflictPolicy.LastWriterWins, "fallback \"last-writer-wins\" needs a timestamp column")]
    public void A_fallback_is_for_merging(ConflictPolicy conflicts, ConflictPolicy fallback, string reason)
    {
        var refusal = Assert.Throws<SyncException>(() => Planned.One(new TableMapEntry { Name = "t", Conflicts = conflicts, Fallback = fallback }, Schemas.Table("t", "id TEXT"), Schemas.Table("t", "id text")));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Timestamps_are_found_in_order_of_preference_and_through_renames()
    {
        var table = Planned.One(
            new TableMapEntry { Name = "t", Renames = new Dictionary<string, string> { ["modified"] = "updated_at" }, Conflicts = ConflictPolicy.LastWriterWins },
            Schemas.Table("t", "id TEXT", "created_at TEXT", "modified TEXT", "deleted_at TEXT"),
            Schemas.Table("t", "id text", "created_at timestamptz", "updated_at timestamptz", "deleted_at timestamptz"));
        Assert.Equal(("modified", "updated_at"), (table.TerminalTimestamp?.Name, table.CentralTimestamp?.Name));
        Assert.Equal("deleted_at", table.SoftDelete?.Central.Name);
    }

    [Fact]
    public void Parents_come_first_and_circles_share_a_rank()
    {
        var plan = SyncPlanner.Build(
            new TableMap([new() { Name = "lines", Priority = 1 }, new() { Name = "orders" }, new() { Name = "b" }, new() { Name = "a" }, new() { Name = "zebra", Priority = 1 }, new() { Name = "customers" }]),
            Schemas.Of(
                Schemas.Table("lines", "id TEXT", "order_id TEXT").Refers("order_id", "ORDERS", "id"), Schemas.Table("orders", "id TEXT", "parent TEXT", "customer_id TEXT").Refers("parent", "orders", "id"),
                Schemas.Table("a", "id TEXT", "b TEXT").Refers("b", "b", "id"), Schemas.Table("b", "id TEXT", "a TEXT").Refers("a", "a", "id"),
                Schemas.Table("zebra", "id TEXT"), Schemas.Table("customers", "id TEXT")),
            Schemas.Of(
                Schemas.Table("lines", "id text", "order_id text"), Schemas.Table("orders", "id text", "parent text", "customer_id text").Refers("customer_id", "customers", "id"),
                Schemas.Table("a", "id text", "b text"), Schemas.Table("b", "id text", "a text"), Schemas.Table("zebra", "id text"), Schemas.Table("customers", "id text")));
        Assert.Equal("zebra 0, a 0, b 0, customers 0, orders 1, lines 2", string.Join(", ", plan.Tables.Select(t => $"{t.Name} {t.Rank}")));
    }

    [Fact]
    public void References_to_a_linked_table_are_found_by_either_sides_foreign_key()
    {
        var plan = SyncPlanner.Build(
            null,
            Schemas.Of(
                Schemas.Table("customers", "local_id TEXT", "server_id TEXT"),
                Schemas.Table("by_terminal", "id TEXT", "customer_id TEXT").Refers("customer_id", "Customers", "local_id"),
                Schemas.Table("by_central", "id TEXT", "customer_id TEXT"),
                Schemas.Table("by_server_id", "id TEXT", "customer_id TEXT").Refers("customer_id", "customers", "server_id")),
            Schemas.Of(
                Schemas.Table("customers", "id text"),
                Schemas.Table("by_terminal", "id text", "customer_id text"),
                Schemas.Table("by_central", "id text", "customer_id text").Refers("customer_id", "customers", "id"),
                Schemas.Table("by_server_id", "id text", "customer_id text").Refers("customer_id", "customers", "id")));
        Assert.Equal("customers", plan.Find("by_terminal")!.Columns[1].References);
        Assert.Equal("customers", plan.Find("by_central")!.Columns[1].References);
        Assert.Null(plan.Find("by_server_id")!.Columns[1].References);
        Assert.Null(plan.Find("by_terminal")!.Columns[0].References);
    }

    [Fact]
    public void What_a_table_refers_to_but_does_not_travel_is_warned_of()
    {
        var plan = SyncPlanner.Build(
            null, Schemas.Of(Schemas.Table("orders", "id TEXT", "c TEXT").Refers("c", "customers", "id")), Schemas.Of(Schemas.Table("orders", "id text", "c text").Refers("c", "Customers", "id")));
        Assert.Contains("it refers to customers, which is not synced", Assert.Single(plan.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_two_tills_would_both_hand_out_are_warned_of_unless_the_table_is_only_pushed()
    {
        DatabaseSchema terminal = Schemas.Of(Schemas.Table("orders", "id INTEGER!")), central = Schemas.Of(Schemas.Table("orders", "id int4"));
        Assert.Contains("two tills will both create orders with id 1", Assert.Single(SyncPlanner.Build(null, terminal, central).Warnings), StringComparison.Ordinal);
        Assert.Empty(SyncPlanner.Build(new TableMap([new() { Name = "orders", Direction = SyncDirection.Push }]), terminal, central).Warnings);
    }

    [Fact]
    public void A_disabled_entry_that_is_wrong_stops_nothing()
    {
        var plan = SyncPlanner.Build(new TableMap([new() { Name = "a" }, new() { Name = "gone", Enabled = false }]), Schemas.Of(Schemas.Table("a", "id TEXT")), Schemas.Of(Schemas.Table("a", "id text")));
        Assert.Equal(["a"], plan.Tables.Select(t => t.Name));
        Assert.Contains(plan.Warnings, w => w.Contains("table gone: neither the terminal nor central has such a table", StringComparison.Ordinal));
    }

    [Fact]
    public void A_column_that_only_central_has_is_left_out_for_a_terminal_that_says_it_has_it_and_not_mistaken_for_a_renamed_one()
    {
        var central = Schemas.Of(Schemas.Table("t", "id text", "cost text", "stock text"));
        TableMap map = new([new() { Name = "t", Exclude = ["cost"] }]);
        foreach (var columns in new[] { new[] { "id TEXT", "stock TEXT" }, ["id TEXT", "stock TEXT", "COST TEXT"] })
            Assert.Equal(["id", "stock"], SyncPlanner.Build(map, Schemas.Of(Schemas.Table("t", columns)), central).Tables[0].Columns.Select(c => c.Terminal.Name));
        var fault = Planned.Fault(new() { Name = "t", Exclude = ["stock"], Renames = Planned.Renames("qty", "stock") }, Schemas.Table("t", "id TEXT", "qty TEXT"), central.Tables.First());
        Assert.StartsWith("t.stock: named in \"exclude\"", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_filter_for_what_never_travels_that_way_is_warned_of_and_any_is_no_condition()
    {
        TableMap map = new([new() { Name = "a", Direction = SyncDirection.Pull, Filter = "id = '1'", WriteFilter = " Any " }, new() { Name = "b", Direction = SyncDirection.Push, WriteFilter = "id = '1'" }]);
        var both = Schemas.Of(Schemas.Table("a", "id TEXT"), Schemas.Table("b", "id TEXT"));
        var warnings = SyncPlanner.Build(map, both, Schemas.Of(Schemas.Table("a", "id text"), Schemas.Table("b", "id text"))).Warnings;
        Assert.Contains(warnings, w => w.Contains("b: the writeFilter has no effect, because nothing is pulled", StringComparison.Ordinal));
        Assert.DoesNotContain(warnings, w => w.Contains("a: the writeFilter", StringComparison.Ordinal));
    }

    [Fact]
    public void A_required_central_column_is_no_matter_where_no_row_is_created()
    {
        TableSchema terminal = Schemas.Table("t", "local_id TEXT", "server_id TEXT", "x TEXT"), central = Schemas.Table("t", "id text", "x text", "need text!");
        Assert.Equal(KeyMode.Linked, Planned.One(new TableMapEntry { Name = "t", Unlinked = UnlinkedRows.Skip }, terminal, central).KeyMode);
        Assert.Equal(KeyMode.Linked, Planned.One(new TableMapEntry { Name = "t", Direction = SyncDirection.Push }, terminal, central).KeyMode);
    }

    [Fact]
    public void A_required_terminal_column_that_central_lacks_is_warned_of()
    {
        var plan = SyncPlanner.Build(null, Schemas.Of(Schemas.Table("t", "id TEXT", "drawer TEXT!", "terminal_id TEXT!")), Schemas.Of(Schemas.Table("t", "id text")));
        Assert.Contains(plan.Warnings, w => w.Contains("requires drawer (NOT NULL", StringComparison.Ordinal));
        Assert.Contains(plan.Warnings, w => w.StartsWith("t: drawer stays at the terminal", StringComparison.Ordinal));
    }

    [Fact]
    public void A_linked_table_needs_a_single_column_key_in_central() =>
        Assert.StartsWith(
            "t.server_id: holds one value, but central's key is (a, b)",
            Planned.Fault(new TableMapEntry { Name = "t" }, Schemas.Table("t", "local_id TEXT", "server_id TEXT"), Schemas.Table("t", "a text", "b text") with { Key = ["a", "b"] }).Message, StringComparison.Ordinal);

    [Fact]
    public void Two_tables_cannot_travel_to_the_same_one()
    {
        var e = Assert.Throws<SyncException>(() => SyncPlanner.Build(
            new TableMap([new() { Name = "a" }, new() { Name = "b", CentralName = "public.a" }]),
            Schemas.Of(Schemas.Table("a", "id TEXT"), Schemas.Table("b", "id TEXT")), Schemas.Of(Schemas.Table("a", "id text") with { Schema = "public" })));
        Assert.StartsWith("table b: a and b both travel to central's a", e.Message, StringComparison.Ordinal);
    }
}
