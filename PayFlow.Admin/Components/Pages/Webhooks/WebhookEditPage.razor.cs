using Microsoft.AspNetCore.Components;
using Npgsql;
using PayFlow.Admin.Jobs.Schedules;
using PayFlow.Admin.Output;
using PayFlow.Admin.Security;
using PayFlow.Admin.Webhooks;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Components.Pages.Webhooks;

/// <summary>Makes a webhook or changes one. What is wrong is said at its field; nothing that was typed is lost, also when somebody else was faster.</summary>
public sealed partial class WebhookEditPage : IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private ScheduleChoices _choices = ScheduleChoices.None;
    private IReadOnlyList<WebhookError> _errors = [];
    private SyncException? _failure;
    private WebhookRecord? _seen;
    private (WebhookRecord Webhook, string Secret)? _made;
    private bool _isLoaded;
    private bool _isGone;
    private bool _isSaving;
    private string _name = string.Empty;
    private string _url = string.Empty;
    private IReadOnlyList<string> _events = [];
    private IReadOnlyList<string>? _terminals;
    private IReadOnlyList<string>? _tables;

    /// <summary>Null for a new one.</summary>
    [Parameter]
    public Guid? Id { get; set; }

    [Inject]
    internal WebhookDesk Desk { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    private string Title => Id is null ? "New webhook" : _seen is { } seen ? $"Change webhook {seen.Name}" : "Change webhook";

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
        (_isGone, _errors) = (Id is not null && _seen is null, []);
        var draft = _seen?.Draft ?? new WebhookDraft();
        (_name, _url, _events, _terminals, _tables, _isLoaded) = (draft.Name, User.CanAdminister ? draft.Url : WebhookAddress.Place(draft.Url), draft.Events, draft.Terminals, draft.Tables, true);
    });

    private async Task SaveAsync()
    {
        if (_isSaving)
            return;
        _isSaving = true;
        await TryAsync(async () =>
        {
            User.RequireAdminister();
            // Who has only just become an administrator was shown less than the address.
            var url = _seen is { } before && _url == WebhookAddress.Place(before.Draft.Url) ? before.Draft.Url : _url;
            var draft = new WebhookDraft { Name = _name, Url = url, Events = _events, Terminals = _terminals, Tables = _tables };
            _errors = Desk.Check(draft);
            if (_errors.Count > 0)
                return;
            if (_seen is not { } seen)
            {
                _made = await Desk.CreateAsync(draft, User.Name, _left.Token);
                return;
            }
            await Desk.UpdateAsync(seen.Id, seen.Version, draft, User.Name, _left.Token);
            Navigation.NavigateTo(Urls.Webhook(seen.Id));
        });
        _isSaving = false;
    }

    private void Toggle(string type, bool isChosen) => _events = isChosen ? [.. _events.Where(e => e != type), type] : [.. _events.Where(e => e != type)];

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

    private string? Fault(string field) => _errors.FirstOrDefault(e => e.Field == field)?.Message;

    private string? Invalid(string field) => Fault(field) is null ? null : "true";
}
