using Microsoft.AspNetCore.Components;
using PayFlow.Admin.Live;
using PayFlow.Admin.Remote;
using PayFlow.Admin.Security;
using PayFlow.Admin.Views;
using PayFlow.Admin.Views.Terminals;
using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Components.Pages.Terminals;

/// <summary>Makes the codes by which tills elsewhere are let in, and takes them back.</summary>
public sealed partial class DeviceCodesPage
{
    private readonly CodeForm _form = new();
    private readonly Dictionary<string, SyncException> _errors = [];
    private IReadOnlyList<TerminalRecord> _terminals = [];
    private Page<OpenCode> _codes = new([], 0);
    private string? _code;
    private string? _codeTerminal;
    private DateTimeOffset _codeEnds;
    private string? _asked;

    [Inject]
    internal DeviceReader Reader { get; set; } = null!;

    [Inject]
    internal DeviceDesk Desk { get; set; } = null!;

    [Inject]
    internal CodeAttributes Needs { get; set; } = null!;

    [Inject]
    internal TerminalRegistry Registry { get; set; } = null!;

    [Inject]
    internal ConsoleUser User { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [SupplyParameterFromQuery(Name = "terminal")]
    private string? Asked { get; set; }

    [SupplyParameterFromQuery(Name = "page")]
    private string? Number { get; set; }

    // A code that somebody else made or took back is in the audit.
    private protected override LiveTopic Topics => LiveTopic.Terminals | LiveTopic.Audit;

    private PageRequest Page => PageRequest.Of(Number);

    private TerminalRecord? Known => _terminals.FirstOrDefault(t => t.Id == _form.Terminal);

    private protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_asked != Asked)
            (_asked, _form.Id) = (Asked, Asked ?? string.Empty);
        _terminals = await Registry.ListAsync(cancellationToken);
        _codes = await Reader.ListCodesAsync(Page, cancellationToken);
    }

    private static string PageUrl(int number) => Urls.Page(Urls.DeviceCodes, number);

    private string? Error(string field) => _errors.TryGetValue(field, out var e) ? $"{e.Message}. {ConsoleHint.Text(e.Hint)}" : null;

    private string? Invalid(string field) => _errors.ContainsKey(field) ? "true" : null;

    private async Task CreateAsync()
    {
        _errors.Clear();
        foreach (var (field, error) in _form.Check())
            _errors[field] = error;
        if (Known is { FilePath: not null, State: TerminalState.Active } local && !_form.Replaces)
            _errors[nameof(CodeForm.Id)] = new SyncException(SyncErrorCode.IdentityMismatch, $"{local.Id} is a file that a host syncs", "The till that uses the code takes its place, and nobody syncs that file any more. Tick that below if it is meant; for another till choose another id.");
        if (_errors.Count > 0)
            return;
        await AdministerAsync(async () =>
        {
            try
            {
                await Needs.RequireAsync(_form.Terminal, _form.ReadAttributes(), Left);
            }
            catch (SyncException e) when (e.Code == SyncErrorCode.InvalidConfiguration)
            {
                _errors[nameof(CodeForm.Attributes)] = e;
                return;
            }
            var name = _form.Name.Trim() is { Length: > 0 } given ? given : null;
            _code = await Desk.CreateCodeAsync(_form.Terminal, name, _form.ReadAttributes(), User.Name, Left, _form.MayResolve);
            (_codeTerminal, _codeEnds) = (_form.Terminal, Time.GetUtcNow() + DeviceDesk.CodeLife);
            (_form.Id, _form.Name, _form.Attributes, _form.MayResolve, _form.Replaces) = (string.Empty, string.Empty, string.Empty, false, false);
        });
    }

    private Task WithdrawAsync(OpenCode code) => AdministerAsync(() => Desk.WithdrawAsync(code.Id, User.Name, Left));

    private Task AdministerAsync(Func<Task> work) => ActAsync(async () =>
    {
        _code = null;
        User.RequireAdminister();
        await work();
        await ReloadAsync();
    });
}
