using PayFlow.Admin.Views.Values;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;
using Xunit;

namespace PayFlow.Admin.Tests.Views.Values;

public sealed class ValueTextTests
{
    private static readonly RowColumn Money = new() { Name = "credit", Type = "numeric(12,2)", Logical = LogicalType.Decimal, Scale = 2 };

    [Fact]
    public void Null_an_empty_text_and_no_value_are_three_things()
    {
        Assert.Equal(ShownKind.Null, ValueText.Of(CellValue.Null, null).Kind);
        Assert.Equal(ShownKind.Empty, ValueText.Of(CellValue.Of(""), null).Kind);
        Assert.Equal(ShownKind.Missing, ValueText.Of(null, null).Kind);
    }

    [Theory]
    [InlineData("1.5", "1.50")]
    [InlineData("12", "12.00")]
    [InlineData("-0.125", "-0.125")]
    public void Money_has_its_scale(string text, string shown) => Assert.Equal(shown, ValueText.Of(CellValue.Of(text), Money).Plain);

    [Fact]
    public void A_tills_double_is_money_too() => Assert.Equal("99.90", ValueText.Of(CellValue.Of(99.9), Money).Plain);

    [Fact]
    public void What_is_no_number_is_shown_as_it_is() => Assert.Equal("much", ValueText.Of(CellValue.Of("much"), Money).Plain);

    [Fact]
    public void Bytes_are_told_by_length_and_hash()
    {
        var shown = ValueText.Of(CellValue.Of([1, 2, 3]), null);

        Assert.Equal(("3 bytes", "SHA-256 039058c6f2c0cb49…"), (shown.Plain, shown.Note));
    }

    [Theory]
    [InlineData(" a b  c ", "·", "·", "·", "·")]
    [InlineData("a\tb", "⇥")]
    [InlineData("a\r\nb", "␍", "⏎\n")]
    [InlineData("a\u200bb\u202ec", "[U+200B]", "[U+202E]")]
    [InlineData("a\0b", "␀")]
    [InlineData("one two")]
    public void What_cannot_be_seen_is_marked(string text, params string[] marks) =>
        Assert.Equal(marks, ValueText.Of(CellValue.Of(text), null).Parts.Where(p => p.IsMark).Select(p => p.Text));

    [Fact]
    public void Texts_that_differ_in_blanks_alone_look_alike()
    {
        Assert.True(ValueText.IsAlike(CellValue.Of("0664 12"), CellValue.Of("066412 ")));
        Assert.False(ValueText.IsAlike(CellValue.Of("066412"), CellValue.Of("066413")));
    }

    [Fact]
    public void A_parents_own_key_says_whose_it_is() =>
        Assert.Equal("the terminal's own orders", ValueText.Of(CellValue.LocalReference("17"), new RowColumn { Name = "order_id", Type = "text", Logical = LogicalType.Text, References = "orders" }).Note);
}
