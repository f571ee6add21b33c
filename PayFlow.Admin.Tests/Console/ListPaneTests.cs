using Bunit;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Views;
using PayFlow.Sync.Engine;
using Xunit;

namespace PayFlow.Admin.Tests.Console;

public sealed class ListPaneTests : BunitContext
{
    private static readonly SyncException Down = new(SyncErrorCode.CentralUnavailable, "PostgreSQL at shop:5432 does not answer", "Start it.");

    [Fact]
    public void While_it_is_read_for_the_first_time_it_shows_a_skeleton()
    {
        var pane = Pane(LoadState.Loading);

        Assert.NotEmpty(pane.FindAll(".skeleton-row"));
        Assert.Equal("true", pane.Find("section").GetAttribute("aria-busy"));
        Assert.Empty(pane.FindAll("table"));
    }

    [Fact]
    public void Nothing_ever_says_what_to_do()
    {
        var pane = Pane(LoadState.Ready);

        Assert.Contains("Attach a till", pane.Find(".empty").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_by_this_filter_offers_to_clear_it()
    {
        var pane = Pane(LoadState.Ready, isFiltered: true);

        Assert.Equal("/runs", pane.Find(".empty a").GetAttribute("href"));
        Assert.DoesNotContain("Attach a till", pane.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_behind_the_last_one_says_so_and_leads_back()
    {
        var pane = Pane(LoadState.Ready, page: 7);

        Assert.Contains("does not reach page 7", pane.Find(".empty").TextContent, StringComparison.Ordinal);
        Assert.Equal("/runs?page=1", pane.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public void An_error_shows_reason_and_remedy_and_tries_again()
    {
        var tried = 0;
        var pane = Pane(LoadState.Failed, failure: Down, retry: () => tried++);

        var alert = pane.Find("[role=alert]");
        Assert.Contains(Down.Message, alert.TextContent, StringComparison.Ordinal);
        Assert.Contains("Start it.", alert.TextContent, StringComparison.Ordinal);
        alert.QuerySelector("button")!.Click();
        Assert.Equal(1, tried);
        Assert.Empty(pane.FindAll("table"));
    }

    [Fact]
    public void What_was_read_stays_with_its_time_when_it_cannot_be_read_again()
    {
        var pane = Pane(LoadState.Stale, new Page<string>(["one"], 1), failure: Down, asOf: new DateTimeOffset(2026, 11, 22, 14, 2, 3, TimeSpan.Zero));

        Assert.Contains("As of 14:02:03 UTC", pane.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Equal("one", pane.Find("tbody td").TextContent);
    }

    [Fact]
    public void Pages_are_links_and_counting_that_stopped_says_so()
    {
        var pane = Pane(LoadState.Ready, new Page<string>(["one", "two"], 10_000, IsMore: true), page: 2);

        Assert.Equal("/runs?page=1", pane.Find("a[rel=prev]").GetAttribute("href"));
        Assert.Equal("/runs?page=3", pane.Find("a[rel=next]").GetAttribute("href"));
        Assert.Contains("10,000+ rows", pane.Find("nav.pager").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void New_rows_wait_until_they_are_asked_for()
    {
        var shown = 0;
        var pane = Render<ListPane<string>>(p => p.Add(l => l.Label, "Runs").Add(l => l.State, LoadState.Ready).Add(l => l.Items, new Page<string>(["one"], 1)).Add(l => l.NewItems, 12L).Add(l => l.ShowNew, () => shown++)
            .Add(l => l.Header, "<th>Name</th>").Add(l => l.Row, item => $"<td>{item}</td>"));

        Assert.Contains("12 new", pane.Find(".new-items").TextContent, StringComparison.Ordinal);
        pane.Find(".new-items").Click();
        Assert.Equal(1, shown);
    }

    private IRenderedComponent<ListPane<string>> Pane(LoadState state, Page<string>? items = null, bool isFiltered = false, SyncException? failure = null, DateTimeOffset? asOf = null, int page = 1, Action? retry = null) =>
        Render<ListPane<string>>(p => p
            .Add(l => l.Label, "Runs").Add(l => l.State, state).Add(l => l.Items, items ?? new Page<string>([], 0)).Add(l => l.IsFiltered, isFiltered).Add(l => l.ClearUrl, "/runs")
            .Add(l => l.Failure, failure).Add(l => l.AsOf, asOf).Add(l => l.PageNumber, page).Add(l => l.PageUrl, number => $"/runs?page={number}").Add(l => l.Retry, retry ?? (() => { }))
            .Add(l => l.Empty, "<p>Attach a till</p>").Add(l => l.Header, "<th>Name</th>").Add(l => l.Row, item => $"<td>{item}</td>"));
}
