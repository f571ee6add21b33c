namespace PayFlow.Admin.Security;

/// <summary>Where to go after signing in: only ever within the console.</summary>
internal static class LocalUrl
{
    public const string Home = "/";

    /// <summary>The path if it is one of ours, otherwise <see cref="Home"/>.</summary>
    public static string Of(string? path) => IsLocal(path) ? path! : Home;

    /// <summary>
    /// <c>/runs?page=2</c> is; <c>//evil.example</c>, <c>/\evil.example</c>, <c>https://…</c> and whatever a browser turns into one of those (it drops tabs and line ends) are not.
    /// </summary>
    public static bool IsLocal(string? path) =>
        path is ['/', ..] and not ['/', '/' or '\\', ..]
        && !path.Contains('\\', StringComparison.Ordinal)
        && !path.Any(char.IsControl)
        && !path.StartsWith(AccountPaths.SignOut, StringComparison.OrdinalIgnoreCase);
}
