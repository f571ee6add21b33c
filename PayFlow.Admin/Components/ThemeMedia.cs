namespace PayFlow.Admin.Components;

/// <summary>Which style sheet applies: chosen by the media attribute of its link, so that the first paint is right already.</summary>
internal static class ThemeMedia
{
    public const string Cookie = "payflow-theme";

    public const string System = "system";

    private const string Always = "all";

    private const string Never = "not all";

    /// <summary>The theme that a cookie names; the system's for anything else.</summary>
    public static string Read(string? cookie) => cookie is "light" or "dark" ? cookie : System;

    public static string Light(string theme) => theme switch
    {
        "light" => Always,
        "dark" => Never,
        // Not "(prefers-color-scheme: light)": a browser without a preference has to get one of both.
        _ => "not all and (prefers-color-scheme: dark)",
    };

    public static string Dark(string theme) => theme switch
    {
        "dark" => Always,
        "light" => Never,
        _ => "(prefers-color-scheme: dark)",
    };
}
