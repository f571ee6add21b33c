using AngleSharp.Dom;
using Bunit;
using PayFlow.Admin.Components.Pages.Conflicts;
using PayFlow.Admin.Tests.Views.Conflicts;
using PayFlow.Admin.Views.Conflicts;
using PayFlow.Sync.Engine.Central.Conflicts;
using PayFlow.Sync.Engine.Changes;
using Xunit;

namespace PayFlow.Admin.Tests.Console.Conflicts;

public sealed class DiffEditorTests : BunitContext
{
    public DiffEditorTests() => JSInterop.Mode = JSRuntimeMode.Loose;

    [Fact]
    public void Sides_are_named_by_what_they_are_and_equal_fields_are_folded()
    {
        var diff = Diff(new ConflictEditor(Disputed.Row));

        Assert.Equal(["Field", "Agreed before", "Terminal T1, Store 4, 14:02", "Central, 14:05", "Result"], diff.FindAll("thead th").Select(h => h.TextContent));
        Assert.Equal(["phone", "name", "credit"], diff.FindAll("tbody .field-name").Select(f => f.TextContent));
        Assert.StartsWith("3 fields are the same on both sides", diff.Find("details summary").TextContent, StringComparison.Ordinal);
        Assert.False(diff.Find("details").HasAttribute("open"));
    }

    [Fact]
    public void A_suggestion_is_pressed_and_a_field_that_both_changed_has_no_winner()
    {
        var diff = Diff(new ConflictEditor(Disputed.Row));

        Assert.Empty(Row(diff, "phone").QuerySelectorAll("[aria-pressed=true]"));
        Assert.Contains("needs a choice", Row(diff, "phone").TextContent, StringComparison.Ordinal);
        Assert.Contains("name: take the terminal's value, Anna", Row(diff, "name").QuerySelector("[aria-pressed=true]")!.GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.Contains("changed in central only", Row(diff, "credit").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_click_that_meets_the_page_being_read_anew_is_not_lost()
    {
        var editor = new ConflictEditor(Disputed.Row);
        var diff = Diff(editor);

        // Read, and not shown yet: the buttons are still those of before.
        editor.Refresh(Disputed.Row);
        Row(diff, "phone").QuerySelectorAll("button.cell")[2].Click();
        editor.Refresh(Disputed.Row);
        diff.Find("button[aria-label='Own value … for phone']").Click();

        Assert.Equal((FieldPick.Central, true), (editor.Find("phone")!.Pick, editor.Find("phone")!.IsOpen));
        Assert.Single(diff.FindAll(".own"));
    }

    [Fact]
    public void A_cell_is_a_button_that_takes_its_value_and_says_what_is_left()
    {
        var editor = new ConflictEditor(Disputed.Row);
        var changed = 0;
        var diff = Diff(editor, changed: () => changed++);

        Row(diff, "phone").QuerySelectorAll("button.cell")[2].Click();

        Assert.Equal((FieldPick.Central, 1), (editor.Find("phone")!.Pick, changed));
        Assert.Equal("phone: central's, 3. Ready to save.", diff.Find("[role=status]").TextContent);
        Assert.Equal("true", Row(diff, "phone").QuerySelectorAll("button.cell")[2].GetAttribute("aria-pressed"));
    }

    [Fact]
    public async Task Keys_take_a_side_of_the_field_at_hand()
    {
        var editor = new ConflictEditor(Disputed.Row);
        var diff = Diff(editor);

        await diff.InvokeAsync(() => diff.Instance.TakeAsync(isTerminal: true));
        editor.Move(1);
        await diff.InvokeAsync(() => diff.Instance.TakeAsync(isTerminal: false));

        Assert.Equal((FieldPick.Terminal, FieldPick.Central), (editor.Find("phone")!.Pick, editor.Find("name")!.Pick));
        Assert.Equal("true", Row(diff, "name").GetAttribute("aria-current"));
    }

    [Fact]
    public async Task What_is_typed_stays_with_the_reason_at_the_field()
    {
        var editor = new ConflictEditor(Disputed.Row);
        var diff = Diff(editor, typed: () =>
        {
            editor.Read(editor.Typed, editor.Typed.ToDictionary(t => t.Key, t => t.Value == "4" ? new TypedField(CellValue.Of("4"), null) : new TypedField(default, $"'{t.Value}' is not a number")));
            return Task.CompletedTask;
        });

        var input = await diff.InvokeAsync(diff.Instance.EditAsync);
        Assert.Equal("own-0", input);
        Assert.Equal("2", diff.Find("#own-0").GetAttribute("value"));
        diff.Find("#own-0").Change("much");

        Assert.Equal("much", diff.Find("#own-0").GetAttribute("value"));
        Assert.Equal("true", diff.Find("#own-0").GetAttribute("aria-invalid"));
        Assert.Equal("'much' is not a number", diff.Find("#own-0-fault").TextContent);
        diff.Find("#own-0").Change("4");
        Assert.Empty(diff.FindAll("#own-0"));
        Assert.Contains("your own", Row(diff, "phone").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Null_can_be_chosen_where_it_is_allowed_and_is_a_tag()
    {
        var editor = new ConflictEditor(Disputed.Row);
        var diff = Diff(editor, typed: () =>
        {
            editor.Read(editor.Typed, editor.Typed.ToDictionary(t => t.Key, _ => new TypedField(CellValue.Null, null)));
            return Task.CompletedTask;
        });
        await diff.InvokeAsync(diff.Instance.EditAsync);

        diff.Find("[aria-label='NULL for phone']").Change(true);

        Assert.Equal("NULL", Row(diff, "phone").QuerySelector(".result .value-tag")!.TextContent);
        Assert.True(editor.Find("phone")!.Own.IsNull);
        editor.Move(1);
        await diff.InvokeAsync(diff.Instance.EditAsync);
        Assert.Contains("NULL is not allowed", Row(diff, "name").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deleted_row_asks_in_its_own_words()
    {
        var editor = new ConflictEditor(Disputed.Over(null, Disputed.Image(("phone", "3")), "phone"));
        var diff = Diff(editor);

        Assert.Equal(["Restore it at the terminal", "Delete it in central as well"], diff.FindAll(".row-option strong").Select(o => o.TextContent));
        Assert.Contains("deleted", Row(diff, "phone").QuerySelectorAll("td")[1].TextContent, StringComparison.Ordinal);
        diff.FindAll(".row-option")[1].Click();

        Assert.Equal(ConflictSide.Delete, editor.Row);
        Assert.Contains("the row goes", Row(diff, "phone").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void What_moved_is_marked_at_its_field()
    {
        var editor = new ConflictEditor(Disputed.Row);
        var central = Disputed.Image(("phone", "33"), ("credit", "9.90"));
        editor.Refresh(Disputed.Row with { Version = 2, CentralRow = central, NowRow = central });

        Assert.Contains("changed since you looked: central: '3' → '33'", Row(Diff(editor), "phone").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_may_not_decide_sees_it_and_why()
    {
        var editor = new ConflictEditor(Disputed.Row);
        var diff = Diff(editor, disabled: "This needs the role Operator or Admin.");

        Assert.All(diff.FindAll("button"), b => Assert.True(b.HasAttribute("disabled") && b.GetAttribute("title") == "This needs the role Operator or Admin."));
    }

    [Fact]
    public void What_was_decided_has_no_buttons()
    {
        var decided = Disputed.Row with { State = ConflictState.Resolved, Resolution = "values", Resolved = Disputed.Image(("phone", "4")) };

        var diff = Diff(new ConflictEditor(decided));

        Assert.Empty(diff.FindAll("button"));
        Assert.Equal("4", Row(diff, "phone").QuerySelector(".result")!.TextContent.Trim());
    }

    [Fact]
    public void A_script_in_a_value_is_a_text()
    {
        var diff = Diff(new ConflictEditor(Disputed.Over(Disputed.Image(("phone", "<script>alert(1)</script>")), Disputed.Image(("phone", "<img src=x onerror=alert(1)>")), "phone")));

        Assert.Empty(diff.FindAll("script, img"));
        Assert.Contains("<script>alert(1)</script>", Row(diff, "phone").TextContent, StringComparison.Ordinal);
    }

    private static IElement Row(IRenderedComponent<DiffEditor> diff, string field) => diff.FindAll("tbody tr").Single(r => r.QuerySelector(".field-name")!.TextContent == field);

    private IRenderedComponent<DiffEditor> Diff(ConflictEditor editor, Func<Task>? typed = null, Action? changed = null, string? disabled = null) => Render<DiffEditor>(p => p
        .Add(d => d.Editor, editor).Add(d => d.TerminalSide, "Terminal T1, Store 4, 14:02").Add(d => d.CentralSide, "Central, 14:05")
        .Add(d => d.Typed, typed ?? (() => Task.CompletedTask)).Add(d => d.Changed, changed ?? (() => { })).Add(d => d.DisabledBecause, disabled));
}
