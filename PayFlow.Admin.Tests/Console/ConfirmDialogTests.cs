using Bunit;
using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Components.Controls;
using PayFlow.Sync.Engine;
using Xunit;

namespace PayFlow.Admin.Tests.Console;

public sealed class ConfirmDialogTests : BunitContext
{
    private readonly List<string?> _done = [];

    public ConfirmDialogTests() => JSInterop.Mode = JSRuntimeMode.Loose;

    [Fact]
    public async Task It_opens_as_the_browsers_own_modal_named_by_its_question()
    {
        var dialog = await OpenAsync();

        Assert.Equal("Detach T1?", dialog.Find("h2").TextContent);
        Assert.Equal(dialog.Find("h2").Id, dialog.Find("dialog").GetAttribute("aria-labelledby"));
        Assert.Single(JSInterop.Invocations, i => i.Identifier == "payflow.open");
    }

    [Fact]
    public async Task Without_the_name_and_a_reason_nothing_is_done_and_the_fields_say_so()
    {
        var dialog = await OpenAsync(p => p.Add(d => d.TypedName, "T1").Add(d => d.Reason, ReasonRule.Required));

        await dialog.Find("form").SubmitAsync();

        Assert.Empty(_done);
        Assert.Contains("exactly: T1", dialog.Markup, StringComparison.Ordinal);
        Assert.Contains("Say why", dialog.Markup, StringComparison.Ordinal);
        Assert.Equal(2, dialog.FindAll("[aria-invalid=true]").Count);
    }

    [Fact]
    public async Task With_both_it_is_done_with_the_reason_and_closes()
    {
        var dialog = await OpenAsync(p => p.Add(d => d.TypedName, "T1").Add(d => d.Reason, ReasonRule.Required));
        await dialog.Find("input").InputAsync("T1");
        await dialog.Find("textarea").InputAsync("  it was sold ");

        await dialog.Find("form").SubmitAsync();

        Assert.Equal(["it was sold"], _done);
        Assert.Single(JSInterop.Invocations, i => i.Identifier == "payflow.close");
    }

    [Fact]
    public async Task What_fails_stays_in_the_dialog_with_its_hint_and_what_was_typed()
    {
        var dialog = await OpenAsync(p => p.Add(d => d.Reason, ReasonRule.Optional), _ => throw new SyncException(SyncErrorCode.Busy, "A run is under way", "Wait until it ends."));
        await dialog.Find("textarea").InputAsync("because");

        await dialog.Find("form").SubmitAsync();

        Assert.Contains("A run is under way", dialog.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Contains("Wait until it ends.", dialog.Find("[role=alert] .hint").TextContent, StringComparison.Ordinal);
        Assert.Equal("because", dialog.Find("textarea").GetAttribute("value"));
        Assert.DoesNotContain(JSInterop.Invocations, i => i.Identifier == "payflow.close");
    }

    [Fact]
    public async Task While_it_is_done_nothing_can_be_clicked_a_second_time()
    {
        var end = new TaskCompletionSource();
        var calls = 0;
        var dialog = await OpenAsync(confirm: _ =>
        {
            calls++;
            return end.Task;
        });

        var first = dialog.Find("form").SubmitAsync();
        Assert.All(dialog.FindAll("button"), b => Assert.True(b.HasAttribute("disabled")));
        Assert.Equal("true", dialog.Find("dialog").GetAttribute("aria-busy"));
        await dialog.Find("form").SubmitAsync();
        end.SetResult();
        await first;

        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Opened_again_it_is_empty()
    {
        var dialog = await OpenAsync(p => p.Add(d => d.Reason, ReasonRule.Required));
        await dialog.Find("textarea").InputAsync("an old reason");
        await dialog.Find("dialog").TriggerEventAsync("onclose", EventArgs.Empty);
        Assert.Empty(dialog.FindAll("form"));

        await dialog.InvokeAsync(dialog.Instance.ShowAsync);

        Assert.Equal(string.Empty, dialog.Find("textarea").GetAttribute("value") ?? string.Empty);
    }

    private async Task<IRenderedComponent<ConfirmDialog>> OpenAsync(Action<ComponentParameterCollectionBuilder<ConfirmDialog>>? more = null, Func<string?, Task>? confirm = null)
    {
        var dialog = Render<ConfirmDialog>(p =>
        {
            p.Add(d => d.Title, "Detach T1?").Add(d => d.Verb, "Detach T1").Add(d => d.Confirm, confirm ?? (reason =>
            {
                _done.Add(reason);
                return Task.CompletedTask;
            }));
            more?.Invoke(p);
        });
        await dialog.InvokeAsync(dialog.Instance.ShowAsync);
        return dialog;
    }
}
