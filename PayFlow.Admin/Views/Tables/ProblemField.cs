using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Views.Tables;

/// <summary>Finds the field of the map that a problem is about.</summary>
internal static class ProblemField
{
    private static readonly string[] Keys = [.. MapFields.All.Select(f => f.Key).Where(k => k is not ("name" or "enabled"))];

    /// <summary>The key of the field: the first that the reason names, else the first that the remedy does, else the table's name.</summary>
    public static string Of(PlanProblem problem) => Named(problem.Reason) ?? Named(problem.Remedy) ?? problem.Reason switch
    {
        var r when r.StartsWith("renamed", StringComparison.Ordinal) => "renames",
        var r when r.Contains("both travel to central", StringComparison.Ordinal) || r.StartsWith("central has no table", StringComparison.Ordinal) => "centralName",
        _ => "name",
    };

    private static string? Named(string text) => Keys
        .Select(k => (Key: k, At: At(text, k)))
        .Where(k => k.At >= 0)
        .OrderBy(k => k.At)
        .ThenByDescending(k => k.Key.Length)
        .Select(k => k.Key)
        .FirstOrDefault();

    // In quotes, at the beginning, or in "the filter".
    private static int At(string text, string key)
    {
        var quoted = text.IndexOf($"\"{key}\"", StringComparison.Ordinal);
        if (quoted >= 0)
            return quoted;
        if (text.StartsWith(key + " ", StringComparison.Ordinal))
            return 0;
        return text.IndexOf($"the {key}", StringComparison.Ordinal);
    }
}
