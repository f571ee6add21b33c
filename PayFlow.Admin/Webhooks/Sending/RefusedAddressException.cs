namespace PayFlow.Admin.Webhooks.Sending;

/// <summary>A webhook's host is in a network that requests may not go to.</summary>
internal sealed class RefusedAddressException(string message) : IOException(message);
