using System.Globalization;
using Microsoft.AspNetCore.Components;
using Npgsql;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Schedules;
using PayFlow.Admin.Jobs.Settings;
using PayFlow.Admin.Output;
using PayFlow.Admin.Security;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Components.Pages.Schedules;

/// <summary>Makes a schedule or changes one. What is wrong is said at its field; nothing that was typed is lost, also when somebody else was faster.</summary>
public sealed partial class ScheduleEditPage : IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private ScheduleChoices _choices = ScheduleChoices.None;
    private IReadOnlyList<ScheduleError> _errors = [];
    private SyncException? _failure;
    private ScheduleRecord? _seen;
    private ScheduleDraft? _draft;
    private bool _isGone;
    private bool _isSaving;
    private string _name = string.Empty;
    private string _cron = string.Empty;
    private string _zone = string.Empty;
    private SyncDirection _direction;
    private IReadOnlyList<string>? _terminals;
    private IReadOnlyList<string>? _tables;
    private OverlapRule _overlap;
    private string _attempts = string.Empty;
    private string _first = string.Empty;
    private string _longest = string.Empty;

    /// <summary>Null for a new one.</summary>
    [Parameter]
    public Guid? Id { get; set; }

    [Inject]
    internal ScheduleDesk Desk { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [Inject]
    internal SyncSettings Settings { get; set; } = null!;

    private string Title => Id is null ? "New schedule" : _seen is { } seen ? $"Schedule {seen.Name}" : "Schedule";

    private bool IsDisabled => _isSaving || !User.CanAdminister;

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    protected override Task OnParametersSetAsync() => LoadAgainAsync();

    private Task LoadAgainAsync() => TryAsync(async () =>
    {
        _choices = await Desk.ChoicesAsync(_left.Token);
        _seen = Id is { } id ? await Desk.FindAsync(id, _left.Token) : null;
        _isGone = Id is not null && _seen is null;
        Fill(_seen?.Draft ?? new ScheduleDraft { Cron = "0 * * * *", Zone = Settings.StoreZone.HasIanaId ? Settings.StoreZone.Id : "UTC" });
    });

    private void Fill(ScheduleDraft draft)
    {
        (_draft, _errors) = (draft, []);
        (_name, _cron, _zone, _direction, _terminals, _tables, _overlap) = (draft.Name, draft.Cron, draft.Zone, draft.Direction, draft.Terminals, draft.Tables, draft.Overlap);
        (_attempts, _first, _longest) = (Text(draft.Retry.Attempts), Text(draft.Retry.FirstDelay.TotalSeconds), Text(draft.Retry.LongestDelay.TotalSeconds));
    }

    private async Task SaveAsync()
    {
        if (_isSaving)
            return;
        _isSaving = true;
        var isSaved = false;
        await TryAsync(async () =>
        {
            User.RequireAdminister();
            var draft = Typed();
            _errors = await Desk.CheckAsync(draft, Id, _left.Token);
            if (_errors.Count > 0)
                return;
            _ = _seen is { } seen ? await Desk.UpdateAsync(seen.Id, seen.Version, draft, User.Name, _left.Token) : await Desk.CreateAsync(draft, User.Name, _left.Token);
            isSaved = true;
        });
        _isSaving = false;
        if (isSaved)
            Navigation.NavigateTo(Urls.ScheduleList);
    }

    private ScheduleDraft Typed() => new()
    {
        Name = _name,
        Cron = _cron,
        Zone = _zone,
        Direction = _direction,
        Terminals = _terminals,
        Tables = _tables,
        Overlap = _overlap,
        // A pause longer than a lifetime is told at its field, like any other that is too long.
        Retry = new JobRetry { Attempts = (int)Number(_attempts), FirstDelay = Seconds(_first), LongestDelay = Seconds(_longest) },
    };

    private static TimeSpan Seconds(string typed) => TimeSpan.FromSeconds(Number(typed));

    // What is no number is none that is allowed, either: its field says so.
    private static double Number(string typed) => double.TryParse(typed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? Math.Clamp(number, 0, int.MaxValue) : 0;

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            _failure = null;
            await work();
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // The page was left meanwhile.
        }
        catch (Exception e) when (e is SyncException or NpgsqlException or TimeoutException)
        {
            _failure = Failures.Translate(e);
        }
    }

    // The cron editor says itself what is wrong with its two fields.
    private string? Fault(string field) => _errors.FirstOrDefault(e => e.Field == field)?.Message;

    private string? Invalid(string field) => Fault(field) is null ? null : "true";
}
