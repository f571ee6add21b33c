using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Npgsql;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Output;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Tables;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Components.Pages.Tables;

/// <summary>The table map's editor: fields or JSON, the same document; checked against the live databases before it is saved.</summary>
public sealed partial class MapPage
{
    private ConfirmDialog? _confirm;
    private ConfirmDialog? _leave;
    private MapDraft? _draft;
    private Guid? _selected;
    private IReadOnlyList<string> _suggestions = [];
    private IReadOnlyList<string> _both = [];
    private StoredTableMap? _others;
    private MapCheckResult? _check;
    private TableMap? _checked;
    private SyncException? _failure;
    private string? _message;
    private string? _json;
    private string? _jsonError;
    private string? _target;
    private long? _saved;
    private bool _isJson;
    private bool _isJsonTyped;
    private bool _isBusy;
    private bool _isLeaving;

    [Inject]
    internal MapDesk Desk { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "table")]
    private string? Table { get; set; }

    private bool IsChanged => _isJsonTyped || _draft?.IsChanged == true;

    private EntryDraft? Selected => _draft?.Entries.Find(e => e.Id == _selected);

    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        _failure = null;
        try
        {
            Take(await Desk.LoadAsync());
            _suggestions = await Desk.SuggestAsync();
        }
        catch (Exception e) when (e is SyncException or NpgsqlException or TimeoutException)
        {
            _failure = Failures.Translate(e);
        }
    }

    private void Take(StoredTableMap stored)
    {
        var name = Selected?.Name ?? Table;
        _draft = MapDraft.Of(stored);
        _selected = (_draft.Entries.Find(e => e.Name == name) ?? _draft.Entries.FirstOrDefault())?.Id;
        (_others, _both, _check, _checked, _message, _isJsonTyped, _jsonError) = (null, [], null, null, null, false, null);
        _json = TableMapJson.Write(stored.Map);
    }

    private async Task TakeStoredAsync()
    {
        _saved = null;
        await LoadAsync();
    }

    private void TakeTheirs() => Take(_others!);

    private void Rebase()
    {
        _both = _draft!.Rebase(_others!);
        _others = null;
        Touched();
        _selected = (_draft.Entries.Find(e => _both.Contains(e.Name)) ?? _draft.Entries.FirstOrDefault())?.Id;
    }

    private void Select(EntryDraft? entry) => _selected = entry?.Id;

    private void Touched() => (_check, _checked, _message, _saved) = (null, null, null, null);

    private void Typed(string text)
    {
        (_json, _isJsonTyped, _jsonError) = (text, true, null);
        Touched();
    }

    private Task ShowAsync(bool isJson)
    {
        if (isJson == _isJson)
            return Task.CompletedTask;
        if (Read() is not { } map)
            return Task.CompletedTask;
        _isJson = isJson;
        if (isJson)
            _json = TableMapJson.Write(map);
        return Task.CompletedTask;
    }

    /// <summary>What is typed, as a map; null when it cannot be read, which is then said where it is wrong.</summary>
    private TableMap? Read()
    {
        if (_isJsonTyped)
        {
            try
            {
                _draft!.Replace(TableMapJson.Parse(_json ?? string.Empty));
                (_isJsonTyped, _jsonError) = (false, null);
                _selected = _draft.Entries.FirstOrDefault()?.Id;
            }
            catch (SyncException e)
            {
                _jsonError = $"{e.Message}. {ConsoleHint.Text(e.Hint)}";
                return null;
            }
        }
        var map = _draft!.Read();
        if (map is null && _draft.Entries.Find(e => e.Errors.Count > 0) is { } wrong)
        {
            _selected = wrong.Id;
            _message = $"{(wrong.Name.Length > 0 ? wrong.Name : "A table without a name")}: correct the marked field first.";
            _isJson = false;
        }
        return map;
    }

    private async Task CheckAsync()
    {
        if (_isBusy || _draft is null)
            return;
        Touched();
        _draft.ClearErrors();
        var map = Read();
        if (_jsonError is not null)
            return;
        _isBusy = true;
        try
        {
            User.RequireAdminister();
            // What cannot be read does not hide what does not fit: both are said at once.
            var check = await Desk.CheckAsync(map ?? _draft.ReadPart());
            ShowProblems(check);
            if (map is null)
                _message = $"{LagText.Count(_draft.Entries.Sum(e => e.Errors.Count), "field")} to be corrected, in {string.Join(", ", _draft.Entries.Where(e => e.Errors.Count > 0).Select(e => e.Name.Length > 0 ? e.Name : "a table without a name"))}: the marked fields say why.";
            else
                (_check, _checked) = (check, map);
        }
        catch (Exception e) when (e is SyncException or NpgsqlException or TimeoutException)
        {
            var known = Failures.Translate(e);
            _message = $"{known.Message}. {ConsoleHint.Text(known.Hint)}".TrimEnd();
        }
        finally
        {
            _isBusy = false;
        }
    }

    private void ShowProblems(MapCheckResult check)
    {
        foreach (var (terminal, problem) in check.Effects.SelectMany(e => e.Problems.Select(p => (e.Terminal, p))))
        {
            if (_draft!.Entries.Find(e => e.Name.Equals(problem.Table, StringComparison.OrdinalIgnoreCase)) is not { } entry)
                continue;
            // The same of every till is said once.
            entry.Errors.TryAdd(ProblemField.Of(problem), $"{(problem.Column is { } column ? column + ": " : null)}{problem.Reason}; {problem.Remedy} (terminal {terminal})");
        }
        if (_draft!.Entries.Find(e => e.Errors.Count > 0) is { } first && Selected is not { Errors.Count: > 0 })
            _selected = first.Id;
    }

    private async Task SaveAsync()
    {
        if (_check is null)
            await CheckAsync();
        if (_check is { HasProblems: false })
            await _confirm!.ShowAsync();
        else if (_check is not null)
            _message = "The map does not fit the databases: nothing was saved. The marked fields say why.";
    }

    private async Task StoreAsync(string? reason)
    {
        User.RequireAdminister();
        try
        {
            var version = await Desk.SaveAsync(_checked!, _draft!.Version, User.Name, reason);
            Take(await Desk.LoadAsync());
            _saved = version;
        }
        catch (SyncException e) when (e.Code == SyncErrorCode.Busy)
        {
            _others = await Desk.LoadAsync();
        }
    }

    private async Task GuardAsync(LocationChangingContext context)
    {
        // Another table of the same editor is no other page.
        if (_isLeaving || !IsChanged)
            return;
        context.PreventNavigation();
        _target = context.TargetLocation;
        await _leave!.ShowAsync();
    }

    private Task LeaveAsync(string? reason)
    {
        _isLeaving = true;
        Navigation.NavigateTo(_target!);
        return Task.CompletedTask;
    }
}
