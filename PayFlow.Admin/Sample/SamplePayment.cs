namespace PayFlow.Admin.Sample;

/// <summary>One payment of a sale; negative when money goes back.</summary>
internal sealed record SamplePayment(string Method, decimal Amount, string? Reference);
