using System.Globalization;
using PayFlow.Admin.Jobs;

namespace PayFlow.Admin.Components.Pages.Jobs;

/// <summary>What became of an action on jobs, in words.</summary>
internal static class JobOutcomeText
{
    private const int Named = 3;

    /// <param name="done">"requeued".</param>
    /// <param name="result">What became of them.</param>
    public static string Of(string done, BulkJobResult result)
    {
        var text = result.Done is [var only] ? $"Job {only} is {done}." : $"{result.Done.Count.ToString("N0", CultureInfo.InvariantCulture)} jobs {done}.";
        if (result.Refused.Count == 0)
            return text;
        var reasons = string.Join(' ', result.Refused.OrderBy(r => r.Key).Take(Named).Select(r => r.Value));
        return $"{text} {result.Refused.Count.ToString("N0", CultureInfo.InvariantCulture)} not: {reasons}{(result.Refused.Count > Named ? " …" : null)}";
    }
}
