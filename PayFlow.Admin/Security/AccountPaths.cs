namespace PayFlow.Admin.Security;

/// <summary>Addresses of the pages for signing in and for one's own account.</summary>
internal static class AccountPaths
{
    public const string SignIn = "/account/sign-in";
    public const string Code = "/account/code";
    public const string RecoveryCode = "/account/recovery-code";
    public const string SignOut = "/account/sign-out";
    public const string Denied = "/account/denied";
    public const string SetUp = "/account/set-up";
    public const string Invitation = "/account/invitation";
    public const string Profile = "/account";
    public const string Password = "/account/password";
    public const string TwoFactor = "/account/two-factor";

    /// <summary>The sign-in page that leads back to <paramref name="path"/>.</summary>
    public static string SignInFor(string path) => path is LocalUrl.Home or "" ? SignIn : $"{SignIn}?returnUrl={Uri.EscapeDataString(path)}";
}
