using PayFlow.Admin.Views;
using Xunit;

namespace PayFlow.Admin.Tests.Views;

public sealed class SelectionTests
{
    [Fact]
    public void All_that_match_are_more_than_what_is_ticked()
    {
        var selection = new Selection<int>();
        selection.TickPage([1, 2], true);
        selection.Tick(2, false);
        Assert.Equal((1L, true, false), (selection.Count(214), selection.Has(1), selection.Has(2)));

        selection.TakeAll();
        Assert.Equal((214L, true), (selection.Count(214), selection.Has(99)));
        selection.Tick(1, false);
        Assert.True(selection.IsEmpty);
    }

    [Theory]
    [InlineData(new long[0], null)]
    [InlineData(new long[] { 12, 3, 4, 5, 3 }, "3-5.12")]
    [InlineData(new long[] { 7 }, "7")]
    public void Numbers_are_said_in_an_address_as_short_as_can_be(long[] ids, string? text)
    {
        Assert.Equal(text, SelectionText.Of(ids));
        Assert.Equal(ids.Distinct().Order(), SelectionText.Ids(text));
    }

    [Fact]
    public void Keys_of_any_letters_come_back_as_they_were()
    {
        string[] keys = ["sales/1", "~sales/a,b", "sales/!2!", "sales/ä/é 😀"];

        Assert.Equal(keys, SelectionText.Texts(SelectionText.Of(keys)));
        Assert.Null(SelectionText.Of(Enumerable.Range(0, 500).Select(i => $"sales/{i}")));
        Assert.Null(SelectionText.Of(Enumerable.Range(0, 1_000).Select(i => i * 2L)));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1-")]
    [InlineData("-1")]
    [InlineData("5-2")]
    [InlineData("1-2-3")]
    [InlineData("99999999999999999999")]
    public void What_an_address_says_wrongly_selects_nothing(string text) => Assert.Empty(SelectionText.Ids(text));

    [Fact]
    public void An_address_selects_what_is_shown_and_no_more_than_there_can_be()
    {
        Assert.Equal(1_000, SelectionText.Ids("1-9223372036854775807").Count);
        Assert.Single(SelectionText.Ids("9223372036854775806-9223372036854775807"));
        var selection = new Selection<long>();
        selection.Restore("2-9", SelectionText.Ids("2-9"), [1, 2, 3], id => id);
        Assert.Equal([2, 3], selection.Ticked.Order());
        selection.Restore("all", SelectionText.Ids("all"), [1, 2, 3], id => id);
        Assert.True(selection.IsAll);
        selection.Restore(null, SelectionText.Ids(null), [1, 2, 3], id => id);
        Assert.True(selection.IsEmpty);
    }
}
