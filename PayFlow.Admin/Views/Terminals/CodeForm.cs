using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Central.Metadata;

namespace PayFlow.Admin.Views.Terminals;

/// <summary>A till elsewhere that is to be let in, as typed.</summary>
public sealed record CodeForm
{
    public string Id { get; set; } = string.Empty;

    public string Name { get; set; } = string.Empty;

    public string Attributes { get; set; } = string.Empty;

    /// <summary>Conflicts of its rows may be decided at the till.</summary>
    public bool MayResolve { get; set; }

    /// <summary>The file that a host syncs as this terminal so far is to be synced no more.</summary>
    public bool Replaces { get; set; }

    /// <summary>Whom it lets in; null: a till that names itself.</summary>
    public string? Terminal => Id.Trim() is { Length: > 0 } id ? id : null;

    /// <summary>What is wrong, by the field's name; nothing when a code can be made.</summary>
    public IReadOnlyDictionary<string, SyncException> Check()
    {
        var errors = new Dictionary<string, SyncException>();
        Try(nameof(Id), () =>
        {
            if (Terminal is { } id)
                TerminalRegistry.RequireId(id);
        });
        if (PlainText.Fault(Name, AttachForm.LongestName) is { } fault)
            errors[nameof(Name)] = new(SyncErrorCode.InvalidConfiguration, fault.TrimEnd('.'), "The longer text belongs into an attribute.");
        Try(nameof(Attributes), () => AttributeText.Parse(Attributes));
        return errors;

        void Try(string field, Action check)
        {
            try
            {
                check();
            }
            catch (SyncException e)
            {
                errors[field] = e;
            }
        }
    }

    /// <summary>Null leaves a known terminal its own.</summary>
    public IReadOnlyDictionary<string, string>? ReadAttributes() => AttributeText.Parse(Attributes) is { Count: > 0 } attributes ? attributes : null;
}
