using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Jobs.Settings;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Settings;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Components.Pages.Settings;

/// <summary>Every setting of this host with value, default and source, and a test of the connection to central.</summary>
public sealed partial class SettingsPage
{
    private IReadOnlyList<SettingRow> _settings = [];
    private ConfirmDialog? _change;
    private ConfirmDialog? _replace;
    private SettingRow? _asked;
    private string? _value;
    private string? _typed;
    private string? _answer;
    private SyncException? _trouble;
    private bool _isBusy;

    [Inject]
    internal SettingsReader Reader { get; set; } = null!;

    [Inject]
    internal ConnectionTest Connection { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    [Inject]
    internal StoredSettings Stored { get; set; } = null!;

    [Inject]
    internal SharedSecrets Secrets { get; set; } = null!;

    [Inject]
    internal SecuritySettings Security { get; set; } = null!;

    [Inject]
    internal StoreZone Zone { get; set; } = null!;

    [Inject]
    internal TimeProvider Time { get; set; } = null!;

    protected override async Task OnInitializedAsync() => _settings = await Reader.ReadAsync(CancellationToken.None);

    private Task AskAsync(SettingRow setting)
    {
        (_asked, _value) = (setting, setting.Value == setting.Default ? null : setting.Value);
        return _change!.ShowAsync();
    }

    private async Task ChangeAsync(string? reason)
    {
        User.RequireAdminister();
        await Stored.SaveAsync(_asked!.Name, _value, User.Name, reason, CancellationToken.None);
        _settings = await Reader.ReadAsync(CancellationToken.None);
        StateHasChanged();
    }

    private async Task ReplaceAsync(string? reason)
    {
        User.RequireAdminister();
        await Secrets.ReplaceTokenKeyAsync(User.Name, reason, CancellationToken.None);
    }

    private async Task TestAsync()
    {
        (_isBusy, _answer, _trouble) = (true, null, null);
        try
        {
            User.RequireAdminister();
            _answer = await Connection.TryAsync(_typed, CancellationToken.None);
            _typed = null;
        }
        catch (SyncException e)
        {
            _trouble = e;
        }
        finally
        {
            _isBusy = false;
        }
    }
}
