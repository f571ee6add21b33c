using System.Text.Json;
using PayFlow.Admin.Jobs;

namespace PayFlow.Admin.Api;

/// <summary>A job as it stands.</summary>
internal sealed record JobResponse
{
    public required long Id { get; init; }

    public required string Kind { get; init; }

    public string? Terminal { get; init; }

    /// <summary>SCHEDULED, WAITING, RUNNING, RETRYING, SUCCEEDED, FAILED or CANCELLED.</summary>
    public required string State { get; init; }

    public string? Direction { get; init; }

    public int Attempt { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset DueAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public required string Actor { get; init; }

    public string? Host { get; init; }

    public string? Error { get; init; }

    public string? Hint { get; init; }

    public JobProgress? Progress { get; init; }

    /// <summary>What it did, once it succeeded.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Its runs in the history.</summary>
    public IReadOnlyList<Guid> Runs { get; init; } = [];

    /// <summary>Where to ask again.</summary>
    public required string Url { get; init; }

    public static JobResponse Of(JobRecord job) => new()
    {
        Id = job.Id,
        Kind = JobWords.Of(job.Kind),
        Terminal = job.Terminal,
        State = JobWords.Of(job.State),
        Direction = job.Kind == JobKind.Sync ? JobWords.Of(job.Request.Direction) : null,
        Attempt = job.Attempt,
        Attempts = job.Attempts,
        DueAt = job.DueAt,
        StartedAt = job.StartedAt,
        FinishedAt = job.FinishedAt,
        Actor = job.Actor,
        Host = job.Host,
        Error = job.Error,
        Hint = job.Hint,
        Progress = job.Progress,
        Result = job.Result is { } result ? JsonDocument.Parse(result).RootElement : null,
        Runs = job.RunIds,
        Url = UrlOf(job.Id),
    };

    public static string UrlOf(long id) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{ApiServices.Prefix}/sync/jobs/{id}");
}
