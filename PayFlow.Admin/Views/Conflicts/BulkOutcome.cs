using System.Text.Json;
using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Views.Conflicts;

/// <summary>What a job that decided conflicts says that it did.</summary>
/// <param name="Resolved">Decided.</param>
/// <param name="RefusedCount">Those that wait on.</param>
/// <param name="Refused">Some of them, each with its reason.</param>
internal sealed record BulkOutcome(long Resolved, long RefusedCount, IReadOnlyList<RefusedConflict> Refused)
{
    private static readonly BulkOutcome Nothing = new(0, 0, []);

    /// <param name="json">A job's result; null while there is none.</param>
    public static BulkOutcome Read(string? json)
    {
        var read = json is null ? null : JsonSerializer.Deserialize<BulkOutcome>(json, JsonSerializerOptions.Web);
        return read is null ? Nothing : read with { Refused = read.Refused ?? [] };
    }
}
