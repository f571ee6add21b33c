using PayFlow.Admin.Views.Conflicts;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Changes;
using Xunit;

namespace PayFlow.Admin.Tests.Views.Conflicts;

public sealed class ConflictEditorTests
{
    [Fact]
    public void Fields_in_dispute_come_first_then_those_that_differ_and_equal_ones_apart()
    {
        var editor = new ConflictEditor(Disputed.Row);

        Assert.Equal(["phone", "name", "credit"], editor.Differing.Select(f => f.Name));
        Assert.Equal(["id", "email", "vip"], editor.Equal.Select(f => f.Name));
        Assert.Equal("phone", editor.Current!.Name);
    }

    [Fact]
    public void What_one_side_changed_is_suggested_and_what_both_changed_is_nobodys()
    {
        var editor = new ConflictEditor(Disputed.Row);

        Assert.Equal((FieldPick.Terminal, ChangedBy.Terminal), (Field(editor, "name").Pick, Field(editor, "name").ChangedBy));
        Assert.Equal((FieldPick.Central, ChangedBy.Central), (Field(editor, "credit").Pick, Field(editor, "credit").ChangedBy));
        Assert.Equal((FieldPick.None, ChangedBy.Both), (Field(editor, "phone").Pick, Field(editor, "phone").ChangedBy));
        Assert.Equal("1 field left", editor.Obstacle);
        Assert.Empty(editor.Consequences);
    }

    [Fact]
    public void Two_spellings_of_a_number_are_no_difference()
    {
        var editor = new ConflictEditor(Disputed.Over(Disputed.Image(("phone", "2"), ("credit", "1.5")), Disputed.Image(("phone", "3")), "phone"));

        Assert.Equal(["phone"], editor.Differing.Select(f => f.Name));
    }

    [Fact]
    public void One_side_taken_throughout_is_that_side()
    {
        var editor = new ConflictEditor(Disputed.Row);

        editor.ChooseAll(FieldPick.Terminal);

        Assert.Null(editor.Obstacle);
        Assert.Equal((ConflictSide.Terminal, 0), (editor.ToChoice().Take, editor.ToChoice().Fields.Count));
        Assert.StartsWith("Writes name, phone of customers/17 in central", editor.Consequences[0], StringComparison.Ordinal);
        Assert.StartsWith("Queues an update of credit for terminal T1", editor.Consequences[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_suggestion_that_is_overruled_is_named_and_one_that_stands_is_not()
    {
        var editor = new ConflictEditor(Disputed.Row);
        editor.Choose(Field(editor, "phone"), FieldPick.Central);
        editor.Choose(Field(editor, "name"), FieldPick.Central);

        var choice = editor.ToChoice();

        Assert.Null(choice.Take);
        Assert.Equal([("name", FieldSource.Central), ("phone", FieldSource.Central)], choice.Fields.Select(f => (f.Key, f.Value.Source)).Order());
    }

    [Fact]
    public void An_own_value_counts_when_the_engine_has_read_it_and_null_is_no_empty_text()
    {
        var editor = new ConflictEditor(Disputed.Row);
        var phone = Field(editor, "phone");

        editor.Open(phone);
        Assert.Equal("2", phone.OwnText);
        Assert.Equal("1 field left", editor.Obstacle);
        editor.Type(phone, null);
        Assert.True(Assert.Single(editor.ToChoice().Fields).Value.Value.IsNull);
        editor.Type(phone, string.Empty);
        Assert.Equal(CellValue.Of(string.Empty), Assert.Single(editor.ToChoice().Fields).Value.Value);
        editor.Read(new Dictionary<string, string?> { ["phone"] = "" }, Typed("phone", new TypedField(default, "'' is not a number")));
        Assert.Equal(("phone: not a value of its type", true), (editor.Obstacle, phone.IsOpen));
        editor.Type(phone, "4");
        editor.Read(new Dictionary<string, string?> { ["phone"] = "4" }, Typed("phone", new TypedField(CellValue.Of("4"), null)));
        Assert.Null(editor.Obstacle);
        Assert.False(phone.IsOpen);
    }

    [Fact]
    public void What_the_engine_says_of_an_older_text_does_not_count()
    {
        var editor = new ConflictEditor(Disputed.Row);
        editor.Type(Field(editor, "phone"), "new");

        editor.Read(new Dictionary<string, string?> { ["phone"] = "old" }, Typed("phone", new TypedField(default, "no")));

        Assert.Null(Field(editor, "phone").Fault);
    }

    [Fact]
    public void A_key_and_what_central_computes_cannot_be_decided()
    {
        var computed = Disputed.Row with { Columns = [.. Disputed.Columns.Select(c => c.Name == "credit" ? c with { IsComputed = true } : c)] };
        var editor = new ConflictEditor(computed);

        Assert.False(editor.Choose(Field(editor, "credit"), FieldPick.Terminal));
        Assert.False(editor.Open(Field(editor, "id")));
    }

    [Fact]
    public void A_side_that_moves_leaves_choices_alone_and_is_marked()
    {
        var editor = new ConflictEditor(Disputed.Row);
        editor.Choose(Field(editor, "phone"), FieldPick.Terminal);
        var central = Disputed.Image(("phone", "33"), ("credit", "9.90"), ("name", "Annie"));

        var isNews = editor.Refresh(Disputed.Row with { Version = 2, Fields = ["phone", "name"], CentralRow = central, NowRow = central });

        Assert.True(isNews);
        Assert.Equal(FieldPick.Terminal, Field(editor, "phone").Pick);
        Assert.Equal(["central: '3' → '33'"], Field(editor, "phone").Moves);
        Assert.Equal(FieldPick.None, Field(editor, "name").Pick);
        Assert.Equal("1 field left", editor.Obstacle);
        Assert.Equal(["Central has changed name, phone since you looked."], editor.Moved);
        Assert.False(editor.Refresh(editor.Conflict));
    }

    [Fact]
    public void A_row_that_goes_in_central_meanwhile_asks_whether_to_restore_it()
    {
        var editor = new ConflictEditor(Disputed.Row);
        editor.Choose(Field(editor, "phone"), FieldPick.Central);

        editor.Refresh(Disputed.Row with { Version = 2, Kind = ConflictKind.UpdateDelete, CentralRow = null, NowRow = null });

        Assert.Equal((DecisionShape.RestoreOrDelete, "choose: restore or delete"), (editor.Shape, editor.Obstacle));
        Assert.Equal(["Central has deleted the row since you looked."], editor.Moved);
    }

    [Theory]
    [InlineData(ConflictSide.Keep, "Restores customers/17 in central with the terminal's values.")]
    [InlineData(ConflictSide.Delete, "Queues a delete of customers/17 for terminal T1; its change is lost.")]
    public void A_row_that_central_deleted_is_restored_or_deleted(ConflictSide side, string effect)
    {
        var editor = new ConflictEditor(Disputed.Over(Disputed.Image(("phone", "2")), null, "phone"));
        Assert.Equal("choose: restore or delete", editor.Obstacle);

        editor.ChooseRow(side);

        Assert.Null(editor.Obstacle);
        Assert.Equal((side, 0), (editor.ToChoice().Take, editor.ToChoice().Fields.Count));
        Assert.Equal(effect, editor.Consequences[0]);
    }

    [Fact]
    public void A_restored_row_may_get_a_value_of_ones_own()
    {
        var editor = new ConflictEditor(Disputed.Over(null, Disputed.Image(("phone", "3")), "phone"));
        Assert.False(editor.Open(Field(editor, "phone")));
        editor.ChooseRow(ConflictSide.Keep);
        editor.Open(Field(editor, "phone"));
        editor.Type(Field(editor, "phone"), "4");

        var choice = editor.ToChoice();

        Assert.Equal(ConflictSide.Keep, choice.Take);
        Assert.Equal(CellValue.Of("4"), choice.Fields["phone"].Value);
        editor.ChooseRow(ConflictSide.Delete);
        Assert.Empty(editor.ToChoice().Fields);
    }

    [Fact]
    public void A_taken_value_wants_another_one_unless_the_row_gives_way()
    {
        var editor = new ConflictEditor(Disputed.Over(Disputed.Image(("email", "a@b")), Disputed.Image(("email", "a@b"), ("name", "There")), "email") with { Kind = ConflictKind.Unique, OtherKey = "m1" });
        Assert.NotNull(editor.Obstacle);

        editor.ChooseRow(ConflictSide.Central);
        Assert.Equal((null, ConflictSide.Central), (editor.Obstacle, editor.ToChoice().Take));
        editor.ChooseRow(ConflictSide.Terminal);
        Assert.Equal("1 field left", editor.Obstacle);
        Assert.False(editor.Choose(Field(editor, "email"), FieldPick.Central));
        editor.Type(Field(editor, "email"), "c@d");

        Assert.Null(editor.Obstacle);
        Assert.Equal(["email"], editor.ToChoice().Fields.Keys);
    }

    [Fact]
    public void What_was_decided_is_read_only()
    {
        var editor = new ConflictEditor(Disputed.Row with { State = ConflictState.Resolved, Resolution = "terminal", ResolvedBy = "ada" });

        Assert.False(editor.Choose(Field(editor, "phone"), FieldPick.Central));
        Assert.Equal(("decided already", 0), (editor.Obstacle, editor.Consequences.Count));
    }

    private static EditedField Field(ConflictEditor editor, string name) => editor.Find(name)!;

    private static Dictionary<string, TypedField> Typed(string name, TypedField value) => new() { [name] = value };
}
