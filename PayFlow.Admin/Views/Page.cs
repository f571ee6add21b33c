namespace PayFlow.Admin.Views;

/// <summary>A page of a list.</summary>
/// <param name="Items">In order.</param>
/// <param name="Total">How many the filter finds; see <paramref name="IsMore"/>.</param>
/// <param name="IsMore">There are more than <paramref name="Total"/>: counting stops somewhere, so that a list of millions opens as fast as a short one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, long Total, bool IsMore = false);
