namespace PayFlow.Admin.Views.Settings;

/// <summary>Whether a setting is changed in the console.</summary>
internal enum SettingChange
{
    /// <summary>It is not: it counts from the next start of a host.</summary>
    No,

    /// <summary>It is, and counts from the next job on.</summary>
    Yes,

    /// <summary>It would be, but this host's environment sets it, and wins.</summary>
    Overruled,

    /// <summary>A secret: it is replaced by a new one that nobody sees.</summary>
    Replace,
}
