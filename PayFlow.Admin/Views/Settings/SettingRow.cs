namespace PayFlow.Admin.Views.Settings;

/// <summary>A setting as it counts on this host.</summary>
/// <param name="Group">What it is about.</param>
/// <param name="Name">The variable that sets it.</param>
/// <param name="Meaning">What it does.</param>
/// <param name="Value">What counts; of a secret only whether it is set.</param>
/// <param name="Default">What counts when nobody sets it.</param>
/// <param name="Source">Where the value comes from.</param>
/// <param name="IsSecret">It is never shown.</param>
/// <param name="Change">Whether the console can change it.</param>
/// <param name="Note">Where what it sets is otherwise at the moment, and why; null where it is as the value says.</param>
internal sealed record SettingRow(string Group, string Name, string Meaning, string Value, string Default, string Source, bool IsSecret, string? Note = null, SettingChange Change = SettingChange.No);
