using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Cron;
using PayFlow.Admin.Jobs.Schedules;
using PayFlow.Admin.Live;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;

namespace PayFlow.Admin.Components.Pages.Schedules;

/// <summary>All schedules: when they come next, how they went last, and what can be done to them.</summary>
public sealed partial class SchedulesPage
{
    private Page<ScheduleRecord> _schedules = new Page<ScheduleRecord>([], 0);
    private ScheduleRecord? _target;
    private ConfirmDialog _pause = null!;
    private ConfirmDialog _delete = null!;
    private (string Text, Guid? Group)? _asked;

    [Inject]
    internal ScheduleDesk Desk { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    private protected override LiveTopic Topics => LiveTopic.Schedules | LiveTopic.Jobs;

    private protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var schedules = await Desk.ListAsync(cancellationToken);
        _schedules = new Page<ScheduleRecord>(schedules, schedules.Count);
    }

    private static string Words(ScheduleRecord schedule) => schedule.Fault ?? CronText.Describe(CronSchedule.Parse(schedule.Draft.Cron, schedule.Draft.Zone, schedule.Name));

    private IReadOnlyList<string> Warnings(ScheduleRecord schedule) => schedule.Fault is not null ? [] : CronWarnings.Of(CronSchedule.Parse(schedule.Draft.Cron, schedule.Draft.Zone, schedule.Name), Time.GetUtcNow());

    private static string Names(IReadOnlyList<string>? names, string what) => names switch
    {
        null => $"all {what}s",
        [var only] => $"{what} {only}",
        { Count: <= 3 } => string.Join(", ", names),
        _ => $"{names.Count} {what}s",
    };

    private Task AskAsync(ScheduleRecord schedule, ConfirmDialog dialog)
    {
        _target = schedule;
        return dialog.ShowAsync();
    }

    private Task RunNowAsync(ScheduleRecord schedule) => OperateAsync(async () =>
    {
        var submitted = await Desk.RunNowAsync(schedule.Id, User.Name, Left);
        _asked = submitted.Jobs.Count == 0
            ? ($"{schedule.Name} has no attached terminal to sync.", null)
            : ($"{schedule.Name}: {submitted.Made} {(submitted.Made == 1 ? "job" : "jobs")} asked for{(submitted.Jobs.Count > submitted.Made ? $", {submitted.Jobs.Count - submitted.Made} waited already" : null)}.", submitted.GroupId);
    });

    private Task ResumeAsync(ScheduleRecord schedule) => OperateAsync(async () =>
    {
        var resumed = await Desk.ResumeAsync(schedule.Id, User.Name, Left);
        _asked = ($"{resumed.Name} runs again{(resumed.NextAt is { } next ? $", next {RelativeText.Of(next, Time.GetUtcNow())}" : null)}.", null);
    });

    private async Task PauseAsync(string? reason)
    {
        User.RequireOperate();
        var paused = await Desk.PauseAsync(_target!.Id, reason!, User.Name, Left);
        (_asked, Trouble) = (($"{paused.Name} is paused, on every host.", null), null);
        await ReloadAsync();
    }

    private async Task DeleteAsync(string? reason)
    {
        User.RequireAdminister();
        await Desk.DeleteAsync(_target!.Id, User.Name, reason, Left);
        (_asked, Trouble) = (($"{_target.Name} is deleted.", null), null);
        await ReloadAsync();
    }

    private Task OperateAsync(Func<Task> work) => ActAsync(async () =>
    {
        _asked = null;
        User.RequireOperate();
        await work();
        await ReloadAsync();
    });
}
