using System.Security.Claims;
using Npgsql;
using PayFlow.Admin.Output;
using PayFlow.Admin.Remote;
using PayFlow.Admin.Security;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Api;

/// <summary>Conflicts under <c>/api/sync</c>: list them, look at one, decide it.</summary>
internal static class ConflictEndpoints
{
    private const int StandardLimit = 50;

    private const int MostAtOnce = 500;

    private static readonly Dictionary<string, ConflictState?> States = new(StringComparer.OrdinalIgnoreCase) { ["open"] = ConflictState.Open, ["resolved"] = ConflictState.Resolved, ["all"] = null };

    public static void MapConflicts(this IEndpointRouteBuilder sync)
    {
        sync.MapGet("/conflicts", ListAsync).RequireAuthorization(Policies.ViewOrDevice)
            .WithName("conflicts").WithSummary("Conflicts, the oldest first").WithDescription($"Role Viewer, or a device for its own. state: open (the default), resolved or all; terminal and table by their names. At most limit of them ({StandardLimit} by default, {MostAtOnce} at most); the answer's after, sent as after, goes on behind them.")
            .Produces<ConflictListResponse>().ProducesValidationProblem();
        sync.MapGet("/conflicts/{id:long}", ShowAsync).RequireAuthorization(Policies.ViewOrDevice)
            .WithName("conflict").WithSummary("One conflict").WithDescription("Role Viewer, or a device for its own. The row as both sides last agreed on it (base), as the terminal and central had it when it was found, and as central has it now; the columns in dispute; the version to decide by.")
            .Produces<ConflictResponse>().ProducesProblem(StatusCodes.Status404NotFound);
        sync.MapPost("/resolve", ResolveAsync).RequireAuthorization(Policies.OperateOrDevice)
            .WithName("resolve").WithSummary("Decide a conflict").WithDescription("Role Operator, or a device for its own where it was let in with that right. id and expectedVersion are the conflict's id and version as it was looked at. Refused with 409 and the conflict as it is now when it is at another version, or decided. The terminal takes the decision over at its next sync.")
            .Produces(StatusCodes.Status200OK).ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> ListAsync(string? state, string? terminal, string? table, long? after, int? limit, NpgsqlDataSource central, ClaimsPrincipal user, CancellationToken cancelled)
    {
        var errors = new Dictionary<string, string[]>();
        if (!States.TryGetValue(state ?? "open", out var wanted))
            errors["state"] = [$"'{state}' is no state: use open, resolved or all."];
        if (after < 0)
            errors["after"] = ["It is the after of an earlier answer, and never negative."];
        if (limit is < 1 or > MostAtOnce)
            errors["limit"] = [$"It is a number from 1 to {MostAtOnce}; the answer's after goes on behind them."];
        if (errors.Count > 0)
            return ApiProblems.Invalid(errors);
        var page = await new ConflictDesk(central).ListAsync(new ConflictFilter { State = wanted, Terminal = Device.Find(user)?.Terminal ?? Named(terminal), Table = Named(table) }, after, limit ?? StandardLimit, cancelled);
        var isDevice = Device.Find(user) is not null;
        // Which row of central has a unique value is not a device's to know before it was looked whether the row is one of its own.
        return Results.Ok(new ConflictListResponse([.. page.Conflicts.Select(ConflictSummary.Of).Select(c => isDevice ? c with { OtherKey = null } : c)], page.After));
    }

    private static async Task<IResult> ShowAsync(long id, NpgsqlDataSource central, ClaimsPrincipal user, CancellationToken cancelled)
    {
        var desk = new ConflictDesk(central);
        return await IsThereAsync(desk, id, user, cancelled) ? Results.Ok(ConflictResponse.Of(await LookAsync(desk, id, user, cancelled))) : NotThere(id);
    }

    private static async Task<IResult> ResolveAsync(ResolveRequest request, NpgsqlDataSource central, ClaimsPrincipal user, CancellationToken cancelled)
    {
        var errors = new Dictionary<string, string[]>();
        if (ResolveChoice.Read(request, errors) is not { } choice)
            return ApiProblems.Invalid(errors);
        if (Device.Find(user) is { MayResolve: false } device)
            throw new SyncException(SyncErrorCode.NotPermitted, $"Terminal {device.Terminal} may not decide conflicts", "An administrator can let it in anew with that right: payflow terminals code --terminal ID --may-resolve") { Terminal = device.Terminal };
        var (desk, id) = (new ConflictDesk(central), request.Id!.Value);
        if (!await IsThereAsync(desk, id, user, cancelled))
            return NotThere(id);
        try
        {
            return Results.Ok(ConflictJson.OfOutcome(await new ConflictResolver(central) { IsRemote = Device.Find(user) is not null }.ResolveAsync(id, request.ExpectedVersion, choice, ConsoleUser.Of(user).Name, request.Reason, cancelled)));
        }
        catch (SyncException e) when (e.Code == SyncErrorCode.Moved)
        {
            // What it is now, so that whoever decides can look again without asking again.
            return ApiProblems.Of(e, ("conflict", ConflictResponse.Of(await LookAsync(desk, id, user, cancelled))));
        }
    }

    private static Task<ConflictDetail> LookAsync(ConflictDesk desk, long id, ClaimsPrincipal user, CancellationToken cancelled) =>
        Device.Find(user) is null ? desk.ShowAsync(id, cancelled) : desk.ShowToTerminalAsync(id, cancelled);

    // Conflicts are kept for good: one that is there stays. Another terminal's is none for a device.
    private static async Task<bool> IsThereAsync(ConflictDesk desk, long id, ClaimsPrincipal user, CancellationToken cancelled) =>
        (await desk.ListAsync(new ConflictFilter { State = null, Ids = [id], Terminal = Device.Find(user)?.Terminal }, limit: 1, cancellationToken: cancelled)).Conflicts.Count > 0;

    private static IResult NotThere(long id) => ApiProblems.Of(StatusCodes.Status404NotFound, "NotFound", $"There is no conflict {id}.", "GET /api/sync/conflicts?state=all lists those that there are.");

    private static string? Named(string? name) => string.IsNullOrWhiteSpace(name) ? null : name.Trim();
}
