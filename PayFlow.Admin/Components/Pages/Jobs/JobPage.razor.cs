using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Npgsql;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Live;
using PayFlow.Admin.Output;
using PayFlow.Admin.Security;
using PayFlow.Sync.Engine;

namespace PayFlow.Admin.Components.Pages.Jobs;

/// <summary>One job: what it is to do, how far it has got, its attempts, what it did.</summary>
public sealed partial class JobPage
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private JobRecord? _job;
    private ConfirmDialog _confirm = null!;
    private JobAct? _act;
    private string? _outcome;
    private SyncException? _failure;
    private bool _isBusy;

    [Parameter]
    public long Id { get; set; }

    [Inject]
    internal JobDesk Desk { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    private protected override LiveTopic Topics => LiveTopic.Jobs;

    private protected override async Task LoadAsync(CancellationToken cancellationToken) => _job = await Desk.ShowAsync(Id, cancellationToken);

    private static string Pretty(string json) => JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(json), Indented);

    private async Task AskAsync(JobAct act)
    {
        _act = act;
        if (act.Asks)
        {
            await _confirm.ShowAsync();
            return;
        }
        try
        {
            await ActAsync(null);
        }
        catch (Exception e) when (e is SyncException or NpgsqlException or TimeoutException)
        {
            _failure = Failures.Translate(e);
        }
    }

    private async Task ActAsync(string? reason)
    {
        if (_isBusy || _act is not { } act)
            return;
        (_isBusy, _failure, _outcome) = (true, null, null);
        try
        {
            User.RequireOperate();
            _outcome = JobOutcomeText.Of(act.Done, await act.RunAsync(Desk, [Id], User.Name, reason, Left));
            await ReloadAsync();
        }
        finally
        {
            _isBusy = false;
        }
    }
}
