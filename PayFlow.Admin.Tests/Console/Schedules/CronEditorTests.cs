using Bunit;
using Microsoft.Extensions.DependencyInjection;
using PayFlow.Admin.Components.Pages.Schedules;
using Xunit;

namespace PayFlow.Admin.Tests.Console.Schedules;

public sealed class CronEditorTests : BunitContext
{
    private string _cron = "*/15 8-20 * * 1-6";
    private string _zone = "Europe/Berlin";

    public CronEditorTests() => Services.AddSingleton<TimeProvider>(new StoppedTime(new DateTimeOffset(2026, 3, 28, 12, 0, 0, TimeSpan.Zero)));

    [Fact]
    public void A_schedule_is_told_in_words_with_its_next_five_times_in_its_zone()
    {
        var editor = Editor();

        Assert.Contains("Every 15 minutes from 08:00 to 20:59, Monday to Saturday", editor.Find(".cron-words").TextContent, StringComparison.Ordinal);
        var times = editor.FindAll(".cron-next li");
        Assert.Equal(5, times.Count);
        Assert.Contains("Sat 28 Mar 2026 13:15:00", times[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("UTC+01:00", times[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("in 15 min", times[0].TextContent, StringComparison.Ordinal);
        Assert.Empty(editor.FindAll(".notice-warn"));
        Assert.Null(editor.Find("input.mono").GetAttribute("aria-invalid"));
    }

    [Fact]
    public void What_is_typed_is_described_at_once()
    {
        var editor = Editor();

        editor.Find("input.mono").Input("30 2 * * *");

        Assert.Equal("30 2 * * *", _cron);
        Assert.Contains("At 02:30, every day", editor.Find(".cron-words").TextContent, StringComparison.Ordinal);
        Assert.Contains("02:30 does not exist on 29 March 2026", editor.FindAll(".notice-warn")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("02:30 comes twice on 25 October 2026", editor.FindAll(".notice-warn")[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("03:00:00", editor.FindAll(".cron-next li")[0].TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("61 * * * *", "This is no schedule: 61 is no minute: 0 to 59.")]
    [InlineData("", "This is no schedule: it is empty.")]
    [InlineData("0 0 31 2 *", "This is no schedule: it names a time that never comes.")]
    public void What_is_wrong_is_said_at_the_field_and_what_was_typed_stays(string typed, string fault)
    {
        var editor = Editor();

        editor.Find("input.mono").Input(typed);

        var input = editor.Find("input.mono");
        Assert.Equal(typed, input.GetAttribute("value"));
        Assert.Equal("true", input.GetAttribute("aria-invalid"));
        var error = editor.Find($"#{input.GetAttribute("aria-describedby")!.Split(' ')[0]}");
        Assert.Equal(fault, error.TextContent);
        Assert.Empty(editor.FindAll(".cron-preview"));
    }

    [Fact]
    public void A_zone_that_is_none_is_said_at_its_own_field()
    {
        var editor = Editor();

        editor.Find("input[list]").Input("Mars/Base");

        Assert.Equal("true", editor.Find("input[list]").GetAttribute("aria-invalid"));
        Assert.Null(editor.Find("input.mono").GetAttribute("aria-invalid"));
        Assert.Contains("There is no time zone Mars/Base", editor.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_preset_fills_the_text_in_and_a_text_of_ones_own_is_none_of_them()
    {
        var editor = Editor();

        editor.Find("select").Change("0 * * * *");
        Assert.Equal("0 * * * *", _cron);
        Assert.Contains("Every hour", editor.Find(".cron-words").TextContent, StringComparison.Ordinal);

        editor.Find("input.mono").Input("7 * * * *");
        Assert.Equal(string.Empty, editor.Find("select").GetAttribute("value"));
    }

    private IRenderedComponent<CronEditor> Editor()
    {
        IRenderedComponent<CronEditor> editor = null!;
        void Show() => editor.Render(p => p.Add(e => e.Cron, _cron).Add(e => e.Zone, _zone));
        editor = Render<CronEditor>(p => p
            .Add(e => e.Cron, _cron).Add(e => e.Zone, _zone)
            .Add(e => e.CronChanged, cron =>
            {
                _cron = cron;
                Show();
            })
            .Add(e => e.ZoneChanged, zone =>
            {
                _zone = zone;
                Show();
            }));
        return editor;
    }

    private sealed class StoppedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
