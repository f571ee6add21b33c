namespace PayFlow.Sync.Engine.Http.Messages;

/// <summary><c>POST /api/sync/key</c>: names the key that takes the place of the one with which it is asked, as soon as it is used.</summary>
/// <param name="Key">32 random bytes, base64url.</param>
public sealed record KeyRequest(string Key);
