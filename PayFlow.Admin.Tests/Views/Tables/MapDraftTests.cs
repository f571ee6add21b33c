using PayFlow.Admin.Views.Tables;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Views.Tables;

public sealed class MapDraftTests
{
    private static readonly TableMapEntry Full = new()
    {
        Name = "products",
        CentralName = "shop.articles",
        Renames = new Dictionary<string, string> { ["stock"] = "master_stock", ["a"] = "b" },
        Exclude = ["x", "y"],
        Direction = SyncDirection.Push,
        Priority = 2,
        Conflicts = ConflictPolicy.Merge,
        Fallback = ConflictPolicy.LastWriterWins,
        Additive = ["stock"],
        Deletes = DeleteMode.Soft,
        SoftDelete = "gone",
        TerminalCapture = CaptureMode.Timestamp,
        CentralCapture = CaptureMode.Timestamp,
        Filter = "store_id = {terminal.store_id}",
        WriteFilter = "any",
        Unlinked = UnlinkedRows.Skip,
        Match = ["sku"],
        BatchSize = 7,
        KeyBlock = 1_000_000,
        Enabled = false,
    };

    [Fact]
    public void Every_field_of_an_entry_is_edited_and_comes_back_as_it_was()
    {
        var draft = MapDraft.Of(new StoredTableMap(new TableMap([Full, new TableMapEntry { Name = "orders" }]), 3));

        Assert.Equal(TableMapJson.Write(new TableMap([Full, new TableMapEntry { Name = "orders" }])), TableMapJson.Write(draft.Read()!));
        Assert.False(draft.IsChanged);
        Assert.Equal(typeof(TableMapEntry).GetProperties().Select(p => char.ToLowerInvariant(p.Name[0]) + p.Name[1..]).Order(StringComparer.Ordinal), MapFields.All.Select(f => f.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Text_that_cannot_be_read_stays_with_its_reason()
    {
        var draft = Draft("products");
        draft.Entries[0]["priority"] = "first";
        draft.Entries[0]["renames"] = "stock";
        draft.Add("PRODUCTS");

        Assert.Null(draft.Read());
        Assert.Equal(["priority", "renames"], draft.Entries[0].Errors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("first", draft.Entries[0]["priority"]);
        Assert.Contains("twice", draft.Entries[1].Errors["name"], StringComparison.Ordinal);
    }

    [Fact]
    public void Order_added_and_removed_entries_are_changes()
    {
        var draft = Draft("a", "b");
        draft.Move(draft.Entries[0], 1);
        Assert.True(draft.IsChanged);
        draft.Move(draft.Entries[0], 1);
        Assert.False(draft.IsChanged);
        draft.Entries.RemoveAt(0);
        Assert.Equal(["a"], draft.Removed);
        Assert.True(draft.IsChanged);
    }

    [Fact]
    public void On_top_of_somebody_elses_version_nothing_of_either_is_lost()
    {
        var draft = Draft("a", "b", "c", "gone");
        draft.Entries[0]["priority"] = "1";
        draft.Entries[1]["priority"] = "2";
        draft.Add("mine");
        draft.Entries.RemoveAt(2);
        var theirs = new StoredTableMap(new TableMap([Entry("a") with { BatchSize = 9 }, Entry("b"), Entry("c"), Entry("theirs")]), 2);

        var both = draft.Rebase(theirs);

        Assert.Equal(["a"], both);
        Assert.Equal(2, draft.Version);
        var map = draft.Read()!;
        Assert.Equal(["a", "b", "theirs", "mine"], map.Tables.Select(t => t.Name));
        Assert.Equal((1, 9), (map.Tables[0].Priority, map.Tables[0].BatchSize));
        Assert.Equal(2, map.Tables[1].Priority);
        Assert.True(draft.IsChanged);
    }

    [Theory]
    [InlineData("priority 9 is out of range", "use 1 (first) to 6", "priority")]
    [InlineData("the filter \"x\" is refused by PostgreSQL: no such column", "correct the condition", "filter")]
    [InlineData("the writeFilter \"x\" is refused by PostgreSQL: no such column", "correct the condition", "writeFilter")]
    [InlineData("named in the writeFilter, but central's products has no such column", "filter by central's columns", "writeFilter")]
    [InlineData("named in the filter, but central's products has no such column", "filter by central's columns", "filter")]
    [InlineData("renamed to b, but central's products has no such column", "correct the name", "renames")]
    [InlineData("named in \"exclude\", but the terminal's table has no such column", "correct the name", "exclude")]
    [InlineData("central has no table articles", "create it there, or name another one in \"centralName\"", "centralName")]
    [InlineData("the terminal has no such table", "correct the name or remove the entry", "name")]
    [InlineData("fallback \"merge\" decides nothing: it is for the fields that cannot be merged", "use server-wins", "fallback")]
    [InlineData("\"deletes\": \"soft\" needs it, but central has no such column", "add the column, name another one in \"softDelete\"", "deletes")]
    [InlineData("keyBlock needs an AUTOINCREMENT key and direction pull", "let the table travel up only", "keyBlock")]
    public void A_problem_is_shown_at_the_field_that_it_is_about(string reason, string remedy, string field) =>
        Assert.Equal(field, ProblemField.Of(new PlanProblem("products", null, reason, remedy)));

    private static MapDraft Draft(params string[] names) => MapDraft.Of(new StoredTableMap(new TableMap([.. names.Select(Entry)]), 1));

    private static TableMapEntry Entry(string name) => new() { Name = name };

    [Fact]
    public void What_cannot_be_read_does_not_hide_the_rest_of_the_map()
    {
        var draft = MapDraft.Of(new StoredTableMap(new TableMap([new TableMapEntry { Name = "products", Exclude = ["x"] }, new TableMapEntry { Name = "orders" }]), 3));
        draft.Entries[0]["priority"] = "high";
        draft.Entries[1]["name"] = " ";

        Assert.Null(draft.Read());
        var part = Assert.Single(draft.ReadPart().Tables);

        Assert.Equal(("products", "x"), (part.Name, Assert.Single(part.Exclude)));
        Assert.Contains("priority", draft.Entries[0].Errors.Keys);
        draft.ClearErrors();
        Assert.Empty(draft.Entries[0].Errors);
    }
}
