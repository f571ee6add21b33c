namespace PayFlow.Admin.Jobs.Settings;

/// <summary>A setting that somebody has changed in the console.</summary>
internal sealed record StoredSetting(string Name, string Value, DateTimeOffset At, string By);
