using Bunit;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Views;
using Xunit;

namespace PayFlow.Admin.Tests.Console;

public sealed class StatusBadgeTests : BunitContext
{
    [Theory]
    [InlineData("SYNCED", "Synced", "good")]
    [InlineData("FAILED", "Failed", "bad")]
    [InlineData("CONFLICT", "Conflict", "warn")]
    [InlineData("running", "Running", "busy")]
    [InlineData(null, "Unknown", "quiet")]
    [InlineData("SOMETHING", "Something", "quiet")]
    public void A_status_is_icon_word_and_colour(string? status, string word, string tone)
    {
        var badge = Render<StatusBadge>(p => p.Add(b => b.Status, status)).Find("span.status");

        Assert.Contains($"status-{tone}", badge.ClassName, StringComparison.Ordinal);
        Assert.EndsWith(word, badge.TextContent, StringComparison.Ordinal);
        var icon = badge.QuerySelector(".status-icon")!;
        Assert.NotEmpty(icon.TextContent);
        Assert.Equal("true", icon.GetAttribute("aria-hidden"));
    }

    [Fact]
    public void Every_status_of_the_engine_has_a_look_of_its_own()
    {
        foreach (var status in new[] { "PENDING", "SYNCING", "SYNCED", "FAILED", "CONFLICT" })
            Assert.NotEqual("·", StatusLook.Of(status).Icon);
    }
}
