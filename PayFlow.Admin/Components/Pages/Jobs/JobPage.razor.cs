using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Components.Controls;
using PayFlow.Admin.Jobs;
using PayFlow.Admin.Live;
using PayFlow.Admin.Security;

namespace PayFlow.Admin.Components.Pages.Jobs;

/// <summary>One job: what it is to do, how far it has got, its attempts, what it did.</summary>
public sealed partial class JobPage
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private JobRecord? _job;
    private ConfirmDialog _confirm = null!;
    private JobAct? _act;
    private string? _outcome;

    [Parameter]
    public long Id { get; set; }

    [Inject]
    internal JobDesk Desk { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    private protected override LiveTopic Topics => LiveTopic.Jobs;

    private protected override async Task LoadAsync(CancellationToken cancellationToken) => _job = await Desk.ShowAsync(Id, cancellationToken);

    private static string Pretty(string json) => JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(json), Indented);

    private Task AskAsync(JobAct act)
    {
        _act = act;
        return act.Asks ? _confirm.ShowAsync() : ActAsync(() => DoAsync(null));
    }

    // What fails behind a question stays in its dialog.
    private async Task DoAsync(string? reason)
    {
        if (_act is not { } act)
            return;
        (Trouble, _outcome) = (null, null);
        User.RequireOperate();
        _outcome = JobOutcomeText.Of(act.Done, await act.RunAsync(Desk, [Id], User.Name, reason, Left));
        await ReloadAsync();
    }
}
