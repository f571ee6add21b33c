namespace PayFlow.Admin.Api;

/// <summary>Who wants a token.</summary>
/// <param name="Email">The address by which the user signs in.</param>
/// <param name="Password">The password.</param>
/// <param name="Code">The code of the authenticator, where the account has a second factor.</param>
internal sealed record TokenRequest(string? Email, string? Password, string? Code = null);
