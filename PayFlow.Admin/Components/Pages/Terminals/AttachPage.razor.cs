using Microsoft.AspNetCore.Components;
using Npgsql;
using PayFlow.Admin.Output;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Sessions;

namespace PayFlow.Admin.Components.Pages.Terminals;

/// <summary>Makes a till's file a terminal.</summary>
public sealed partial class AttachPage
{
    private readonly AttachForm _form = new();
    private readonly Dictionary<string, SyncException> _errors = [];
    private SyncException? _failure;
    private AttachReport? _report;
    private bool _isBusy;

    [Inject]
    internal TerminalDesk Desk { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    private string? Error(string field) => _errors.TryGetValue(field, out var e) ? $"{e.Message}. {ConsoleHint.Text(e.Hint)}" : null;

    private string? Invalid(string field) => _errors.ContainsKey(field) ? "true" : null;

    private async Task AttachAsync()
    {
        if (_isBusy)
            return;
        _failure = null;
        _errors.Clear();
        // Before anything is looked at: what the check says of a path tells which files this host has.
        if (!User.CanAdminister)
            return;
        foreach (var (field, error) in _form.Check())
            _errors[field] = error;
        if (_errors.Count > 0)
            return;
        _isBusy = true;
        try
        {
            User.RequireAdminister();
            _report = await Desk.AttachAsync(_form, User.Name);
        }
        catch (Exception e) when (e is SyncException or NpgsqlException or TimeoutException or IOException)
        {
            var known = Failures.Translate(e);
            if (AttachForm.FieldOf(known) is { Length: > 0 } field)
                _errors[field] = known;
            else
                _failure = known;
        }
        finally
        {
            _isBusy = false;
        }
    }
}
