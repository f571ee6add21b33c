using Microsoft.AspNetCore.Components;
using Npgsql;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Output;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;
using PayFlow.Sync.Engine.Integrity.Checkpoints;

namespace PayFlow.Admin.Components.Pages.Terminals;

/// <summary>A terminal's name and attributes. Before they are saved it says what is read again for it.</summary>
public sealed partial class EditPanel
{
    private ConfirmDialog? _confirm;
    private string? _shownId;
    private string? _name;
    private string? _attributes;
    private string? _nameError;
    private string? _attributeError;
    private string? _unknown;
    private bool _isBusy;
    private bool _isSaved;
    private SyncException? _failure;
    private TerminalEdit? _edit;
    private MapEffect? _effect;

    [Parameter, EditorRequired]
    public TerminalRecord Terminal { get; set; } = null!;

    /// <summary>It was saved.</summary>
    [Parameter]
    public EventCallback Saved { get; set; }

    [Inject]
    internal TerminalDesk Desk { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    protected override void OnParametersSet()
    {
        // What somebody is typing is not taken away by an update.
        if (_shownId == Terminal.Id)
            return;
        (_shownId, _name, _attributes) = (Terminal.Id, Terminal.Name, AttributeText.Write(Terminal.Attributes));
    }

    private async Task PreviewAsync()
    {
        (_attributeError, _failure, _isSaved, _effect, _unknown) = (null, null, false, null, null);
        try
        {
            // Before the file is opened: the preview reads it.
            User.RequireAdminister();
        }
        catch (SyncException e)
        {
            _failure = e;
            return;
        }
        if ((_nameError = PlainText.Fault(_name, AttachForm.LongestName)) is not null)
            return;
        try
        {
            _edit = new TerminalEdit(Terminal, string.IsNullOrWhiteSpace(_name) ? null : _name.Trim(), AttributeText.Parse(_attributes));
        }
        catch (SyncException e)
        {
            _attributeError = $"{e.Message}. {ConsoleHint.Text(e.Hint)}";
            return;
        }
        _isBusy = true;
        try
        {
            _effect = await Desk.PreviewAsync(Terminal, _edit.Attributes);
        }
        catch (SyncException e)
        {
            _unknown = e.Message;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            _failure = Failures.Translate(e);
        }
        finally
        {
            _isBusy = false;
        }
        if (_failure is null)
            await _confirm!.ShowAsync();
    }

    private async Task SaveAsync(string? reason)
    {
        User.RequireAdminister();
        await Desk.EditAsync(_edit!, User.Name, reason);
        _isSaved = true;
        // The dialog is told, not this panel.
        StateHasChanged();
        await Saved.InvokeAsync();
    }
}
