using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Views.Conflicts;

/// <summary>Names a side by what it is: nobody knows from which one "local" was meant.</summary>
internal static class SideNames
{
    /// <summary>"Terminal T-01, Main Street, Store 4".</summary>
    public static string Of(string id, TerminalRecord? terminal)
    {
        var name = terminal?.Name is { Length: > 0 } named && named != id ? $", {named}" : string.Empty;
        var store = terminal?.Attributes.FirstOrDefault(a => a.Key.Replace("_", string.Empty, StringComparison.Ordinal).ToLowerInvariant() is "store" or "storeid" or "storename").Value;
        return $"Terminal {id}{name}{(string.IsNullOrWhiteSpace(store) ? string.Empty : store.StartsWith("store", StringComparison.OrdinalIgnoreCase) ? $", {store}" : $", Store {store}")}";
    }
}
