namespace PayFlow.Admin.Api;

/// <summary>A token for the API.</summary>
/// <param name="AccessToken">To be sent as <c>Authorization: Bearer …</c>.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn">Seconds.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="Role">What it may do: Viewer, Operator or Admin.</param>
internal sealed record TokenResponse(string AccessToken, string TokenType, int ExpiresIn, DateTimeOffset ExpiresAt, string Role);
