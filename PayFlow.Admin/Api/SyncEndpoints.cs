using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Remote;
using PayFlow.Admin.Security;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Api;

/// <summary>The endpoints under <c>/api/sync</c>.</summary>
internal static class SyncEndpoints
{
    private static readonly Dictionary<string, SyncDirection> Directions = new(StringComparer.OrdinalIgnoreCase) { ["both"] = SyncDirection.Both, ["push"] = SyncDirection.Push, ["pull"] = SyncDirection.Pull };

    public static void MapSync(this IEndpointRouteBuilder api)
    {
        var sync = api.MapGroup("/sync").WithTags("Sync").ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status429TooManyRequests).AddEndpointFilter(RemoteServices.RequireOfDevicesAsync);
        sync.MapPost("/trigger", TriggerAsync).RequireAuthorization(Policies.Operate)
            .WithName("trigger").WithSummary("Sync now").WithDescription("Role Operator. direction: both, push (central → terminal) or pull (terminal → central). terminal and table may be given several times; without them all attached terminals and all tables are meant. The jobs begin at once; ask for them at their url.")
            .Produces<TriggerResponse>(StatusCodes.Status202Accepted).ProducesValidationProblem();
        sync.MapGet("/jobs/{id:long}", JobAsync).RequireAuthorization(Policies.View)
            .WithName("job").WithSummary("How a job stands").WithDescription("Role Viewer.").Produces<JobResponse>().ProducesProblem(StatusCodes.Status404NotFound);
        sync.MapGet("/status", StatusAsync).RequireAuthorization(Policies.ViewOrDevice)
            .WithName("status").WithSummary("How the chain stands").WithDescription("Role Viewer. Hosts, terminals with their lag and queue, conflicts, jobs and schedules. A till elsewhere sees its own terminal and nothing else.").Produces<StatusResponse>();
        sync.MapPost("/configure", ConfigureAsync).RequireAuthorization(Policies.Administer)
            .WithName("configure").WithSummary("When to sync by itself").WithDescription("Role Admin. Sets the default schedule on all hosts at once: mode cron or manual, the cron expression, its time zone. What is left out stays.")
            .Produces<ScheduleResponse>().ProducesValidationProblem();
        sync.MapConflicts();
    }

    private static async Task<IResult> TriggerAsync(string? direction, [FromQuery] string[]? terminal, [FromQuery] string[]? table, JobDesk jobs, ClaimsPrincipal user, CancellationToken cancelled)
    {
        if (!Directions.TryGetValue(direction ?? "both", out var way))
            return ApiProblems.Invalid("direction", $"'{direction}' is no direction: use both, push (central → terminal) or pull (terminal → central).");
        var request = JobRequest.Sync(way, Named(terminal), Named(table), JobOrigin.Api);
        var submission = await jobs.SubmitAsync(request, ConsoleUser.Of(user).Name, cancelled);
        var made = submission.Jobs.Select(JobResponse.Of).ToList();
        return Results.Accepted(made.FirstOrDefault()?.Url, new TriggerResponse(made, submission.Made));
    }

    private static async Task<IResult> StatusAsync(SyncStatusReader reader, DeviceStatusReader devices, ClaimsPrincipal user, CancellationToken cancelled) =>
        Device.Find(user) is { } device ? Results.Ok(await devices.ReadAsync(device, cancelled)) : Results.Ok(await reader.ReadAsync(cancelled));

    private static async Task<IResult> JobAsync(long id, JobDesk jobs, CancellationToken cancelled) =>
        await jobs.ShowAsync(id, cancelled) is { } job
            ? Results.Ok(JobResponse.Of(job))
            : ApiProblems.Of(StatusCodes.Status404NotFound, "NotFound", $"There is no job {id}.", "It may have been deleted; GET /api/sync/status counts those that there are.");

    private static async Task<IResult> ConfigureAsync(ConfigureRequest request, DefaultScheduleSetting setting, ClaimsPrincipal user, CancellationToken cancelled)
    {
        var errors = await setting.CheckAsync(request, cancelled);
        return errors.Count > 0 ? ApiProblems.Invalid(errors) : Results.Ok(ScheduleResponse.Of(await setting.ApplyAsync(request, ConsoleUser.Of(user).Name, cancelled)));
    }

    private static List<string>? Named(string[]? names) => names?.Where(n => !string.IsNullOrWhiteSpace(n)).Select(n => n.Trim()).ToList() is { Count: > 0 } named ? named : null;
}
