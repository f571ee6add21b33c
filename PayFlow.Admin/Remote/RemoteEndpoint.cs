namespace PayFlow.Admin.Remote;

/// <summary>Marks the endpoints of remote terminals: short requests, of which a device has few at a time.</summary>
internal sealed class RemoteEndpoint;
