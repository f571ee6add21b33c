using System.Globalization;

namespace PayFlow.Admin.Sample;

/// <summary>One till of the sample chain: <paramref name="Id"/> and <paramref name="StoreId"/> are keys of central's <c>terminals</c> and <c>stores</c>, <paramref name="Number"/> counts from 1.</summary>
public sealed record SampleTill(string Id, string StoreId, int Number)
{
    /// <summary>What is printed on the till and starts its order numbers: <c>T01</c>.</summary>
    public string Code => string.Create(CultureInfo.InvariantCulture, $"T{Number:00}");
}
