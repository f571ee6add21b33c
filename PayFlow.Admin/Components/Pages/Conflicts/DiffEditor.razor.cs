using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Views.Conflicts;
using PayFlow.Admin.Views.Values;
using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Components.Pages.Conflicts;

/// <summary>Decides a conflict field by field. What it means is the <see cref="ConflictEditor"/>'s matter; this shows it and hears what is chosen.</summary>
public sealed partial class DiffEditor
{
    private string? _said;

    [Parameter, EditorRequired]
    public ConflictEditor Editor { get; set; } = null!;

    /// <summary>"Terminal T-01, Store 4, 14:02".</summary>
    [Parameter, EditorRequired]
    public string TerminalSide { get; set; } = "Terminal";

    /// <summary>"Central, 14:05".</summary>
    [Parameter, EditorRequired]
    public string CentralSide { get; set; } = "Central";

    /// <summary>Why nothing can be chosen here; null when it can.</summary>
    [Parameter]
    public string? DisabledBecause { get; set; }

    /// <summary>Something was typed, for the engine to read.</summary>
    [Parameter]
    public Func<Task> Typed { get; set; } = static () => Task.CompletedTask;

    /// <summary>Something was chosen.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    private bool IsDisabled => DisabledBecause is not null;

    private IReadOnlyList<(ConflictSide Side, string Title, string Text)> RowChoices => (Editor.Shape, Editor.Conflict.TerminalRow is null) switch
    {
        (DecisionShape.RestoreOrDelete, true) =>
        [
            (ConflictSide.Keep, "Restore it at the terminal", "with the values that central has"),
            (ConflictSide.Delete, "Delete it in central as well", "central's change is given up"),
        ],
        (DecisionShape.RestoreOrDelete, false) =>
        [
            (ConflictSide.Keep, "Restore it in central", "with the values that the terminal has"),
            (ConflictSide.Delete, "Delete it at the terminal as well", "the terminal's change is given up"),
        ],
        _ =>
        [
            (ConflictSide.Terminal, "Keep it, with another value", $"beside central's row {Editor.Conflict.OtherKey}"),
            (ConflictSide.Central, $"It is central's row {Editor.Conflict.OtherKey}", "the terminal's row gives way to it"),
        ],
    };

    /// <summary>Takes a side's value for the field at hand; where the row's fate is in question and not decided yet, decides that.</summary>
    public Task TakeAsync(bool isTerminal)
    {
        if (IsDisabled)
            return SayAsync(DisabledBecause!);
        if (Editor.Shape != DecisionShape.Fields && !(Editor.DecidesFields && Editor.Current is not null))
            return ChooseRowAsync(Editor.Shape == DecisionShape.TakenValue ? isTerminal ? ConflictSide.Terminal : ConflictSide.Central
                : isTerminal == Editor.Conflict.TerminalRow is not null ? ConflictSide.Keep : ConflictSide.Delete);
        return Editor.Current is { } field ? ChooseAsync(field, isTerminal ? FieldPick.Terminal : FieldPick.Central) : Task.CompletedTask;
    }

    /// <summary>Opens an own value for the field at hand.</summary>
    /// <returns>The id of the input to go to; null when there is none.</returns>
    public async Task<string?> EditAsync()
    {
        if (IsDisabled || Editor.Current is not { } field)
            return null;
        await OpenAsync(field);
        return field.IsOpen ? $"own-{Editor.CurrentIndex}" : null;
    }

    /// <summary>Says something to people who hear the page.</summary>
    public Task SayAsync(string text)
    {
        _said = text;
        StateHasChanged();
        return Task.CompletedTask;
    }

    // A click may have been made on what was shown before the page was read anew: it is meant for the field as it is now.
    private EditedField Now(EditedField field) => Editor.Find(field.Name) ?? field;

    private async Task ChooseAsync(EditedField clicked, FieldPick pick)
    {
        var field = Now(clicked);
        Editor.MoveTo(field);
        var isTaken = Editor.Choose(field, pick);
        await SayAsync(isTaken ? $"{field.Name}: {From(field)}, {ValueText.Of(field.Result, field.Column).Plain}. {Left}" : $"{field.Name} cannot be taken from there.");
        await Changed.InvokeAsync();
    }

    private async Task ChooseAllAsync(FieldPick pick)
    {
        Editor.ChooseAll(pick);
        await SayAsync(Left);
        await Changed.InvokeAsync();
    }

    private async Task ChooseRowAsync(ConflictSide side)
    {
        Editor.ChooseRow(side);
        await SayAsync($"{RowChoices.First(c => c.Side == side).Title}. {Left}");
        await Changed.InvokeAsync();
    }

    private async Task OpenAsync(EditedField clicked)
    {
        var field = Now(clicked);
        Editor.MoveTo(field);
        if (!Editor.Open(field))
            await SayAsync($"{field.Name} cannot be given a value.");
        StateHasChanged();
        await Changed.InvokeAsync();
    }

    private async Task TypeAsync(EditedField typed, string? text)
    {
        var field = Now(typed);
        Editor.Type(field, text);
        await Typed();
        await SayAsync(field.Fault is { } fault ? $"{field.Name}: {fault}" : $"{field.Name}: your value. {Left}");
        await Changed.InvokeAsync();
    }

    private string Left => Editor.Obstacle is { } obstacle ? char.ToUpperInvariant(obstacle[0]) + obstacle[1..] + "." : "Ready to save.";

    private bool IsCurrent(EditedField field) => !Editor.IsReadOnly && Editor.Current == field;

    private string RowClass(EditedField field) => (field.IsDisputed && field.Pick == FieldPick.None && Editor.DecidesFields && !Editor.IsReadOnly ? "open" : "settled") + (IsCurrent(field) ? " current" : string.Empty);

    private string? Told(EditedField field) => field switch
    {
        { Column.IsComputed: true } => "central computes it",
        _ when Editor.Shape == DecisionShape.TakenValue => field.IsDisputed ? "may be there only once" : null,
        { IsOnlyBlanks: true } => "only blanks, or signs that cannot be seen, differ",
        { IsDisputed: true } => "changed on both sides",
        { ChangedBy: ChangedBy.Terminal } => "changed at the terminal only",
        { ChangedBy: ChangedBy.Central } => "changed in central only",
        _ => null,
    };

    private static string From(EditedField field) => field.Pick switch
    {
        FieldPick.Terminal => field.IsChosen ? "the terminal's" : "the terminal's, suggested",
        FieldPick.Central => field.IsChosen ? "central's" : "central's, suggested",
        FieldPick.Base => "as agreed before",
        FieldPick.Own => "your own",
        _ => string.Empty,
    };

    // A button where it can be chosen, the value alone where not.
    private RenderFragment Cell(EditedField field, FieldPick pick, string what, string missing) => builder =>
    {
        var value = ValueText.Of(pick switch { FieldPick.Base => field.Base, FieldPick.Terminal => field.Terminal, _ => field.Central }, field.Column);
        if (Editor.IsReadOnly || !Editor.DecidesFields || !field.CanPick(pick))
        {
            Value(builder, value, missing);
            return;
        }
        builder.OpenElement(0, "button");
        builder.AddAttribute(1, "type", "button");
        builder.AddAttribute(2, "class", "cell");
        builder.AddAttribute(3, "aria-pressed", field.Pick == pick ? "true" : "false");
        builder.AddAttribute(4, "aria-label", $"{field.Name}: take {what}, {value.Plain}");
        builder.AddAttribute(5, "disabled", IsDisabled);
        builder.AddAttribute(6, "title", DisabledBecause);
        builder.AddAttribute(7, "onclick", EventCallback.Factory.Create(this, () => ChooseAsync(field, pick)));
        Value(builder, value, missing);
        builder.CloseElement();
    };

    private static void Value(RenderTreeBuilder builder, ShownValue value, string missing)
    {
        builder.OpenComponent<FieldValue>(10);
        builder.AddComponentParameter(11, nameof(FieldValue.Value), value);
        builder.AddComponentParameter(12, nameof(FieldValue.MissingText), missing);
        builder.CloseComponent();
    }
}
