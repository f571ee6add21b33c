using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Schedules;

namespace PayFlow.Admin.Api;

/// <summary>The specification's <c>SYNC_MODE</c> and <c>SYNC_CRON</c> as the API sets them: the default schedule, which pauses in mode <c>manual</c>.</summary>
internal sealed class DefaultScheduleSetting(ScheduleDesk schedules)
{
    private const string HourlyCron = "0 * * * *";

    public async Task<ScheduleRecord?> FindAsync(CancellationToken cancellationToken) =>
        (await schedules.ListAsync(cancellationToken)).FirstOrDefault(s => string.Equals(s.Name, DefaultSchedule.Name, StringComparison.OrdinalIgnoreCase));

    /// <summary>What is wrong with it, by field; nothing when it can be applied.</summary>
    public async Task<Dictionary<string, string[]>> CheckAsync(ConfigureRequest request, CancellationToken cancellationToken)
    {
        var errors = new Dictionary<string, string[]>();
        if (request.Mode is not (null or "cron" or "manual"))
            errors["mode"] = [$"'{request.Mode}' is no mode: cron or manual."];
        if (request is { Mode: null, Cron: null, Zone: null })
            errors["mode"] = ["Nothing is to be changed: give mode, cron or zone."];
        var current = await FindAsync(cancellationToken);
        foreach (var error in await schedules.CheckAsync(Draft(request, current), current?.Id, cancellationToken))
            errors[char.ToLowerInvariant(error.Field[0]) + error.Field[1..]] = [error.Message];
        return errors;
    }

    public async Task<ScheduleRecord> ApplyAsync(ConfigureRequest request, string actor, CancellationToken cancellationToken)
    {
        var current = await FindAsync(cancellationToken);
        var draft = Draft(request, current);
        if (current is null)
            current = await schedules.CreateAsync(draft, actor, cancellationToken);
        else if (draft != current.Draft)
            current = await schedules.UpdateAsync(current.Id, current.Version, draft, actor, cancellationToken);
        return request.Mode switch
        {
            "manual" when !current.IsPaused => await schedules.PauseAsync(current.Id, "mode manual, set by the API", actor, cancellationToken),
            "cron" when current.IsPaused => await schedules.ResumeAsync(current.Id, actor, cancellationToken),
            _ => current,
        };
    }

    private static ScheduleDraft Draft(ConfigureRequest request, ScheduleRecord? current)
    {
        var draft = current?.Draft ?? new ScheduleDraft { Name = DefaultSchedule.Name, Cron = HourlyCron };
        return draft with { Cron = request.Cron?.Trim() ?? draft.Cron, Zone = request.Zone?.Trim() ?? draft.Zone };
    }
}
