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
}
