namespace PayFlow.Admin.Views.Webhooks;

/// <summary>One delivery with everything that was sent and came back.</summary>
/// <param name="Row">What it is.</param>
/// <param name="Body">As it is sent.</param>
/// <param name="Attempts">The latest first.</param>
internal sealed record DeliveryDetail(DeliveryRow Row, string Body, IReadOnlyList<AttemptRow> Attempts);
