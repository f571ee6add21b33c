using PayFlow.Sync.Engine;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Admin.Views.Terminals;

/// <summary>A file that is to become a terminal, as typed.</summary>
public sealed record AttachForm
{
    /// <summary>No system opens a longer one.</summary>
    private const int LongestPath = 4_096;

    /// <summary>Of an id, and of a name.</summary>
    public const int LongestName = 200;

    public string Path { get; set; } = string.Empty;

    public string Id { get; set; } = string.Empty;

    public string Name { get; set; } = string.Empty;

    public string Attributes { get; set; } = string.Empty;

    /// <summary>The file is a copy of another till's.</summary>
    public bool IsCopy { get; set; }

    /// <summary>What is wrong, by the field's name; nothing when it can be tried.</summary>
    public IReadOnlyDictionary<string, SyncException> Check()
    {
        var errors = new Dictionary<string, SyncException>();
        try
        {
            if (PathError(Path) is { } wrong)
                errors[nameof(Path)] = wrong;
            else if (TerminalInspection.FindTerminal(Path.Trim()) is { } known && IsCopy && (Id.Trim().Length == 0 || Id.Trim() == known))
                errors[nameof(Id)] = new(SyncErrorCode.IdentityMismatch, $"The file is a copy of {known}'s and needs an id of its own", "Choose one that no till has yet.");
        }
        catch (SyncException e)
        {
            errors[nameof(Path)] = e;
        }
        foreach (var (field, text) in new[] { (nameof(Id), Id), (nameof(Name), Name) })
        {
            if (PlainText.Fault(text, LongestName) is { } fault)
                errors[field] = new(SyncErrorCode.InvalidConfiguration, fault.TrimEnd('.'), "The longer text belongs into an attribute.");
        }
        try
        {
            AttributeText.Parse(Attributes);
        }
        catch (SyncException e)
        {
            errors[nameof(Attributes)] = e;
        }
        return errors;
    }

    /// <summary>Why a path cannot be one of a till's file; null when it can be tried.</summary>
    public static SyncException? PathError(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            return new(SyncErrorCode.InvalidConfiguration, "No file is named", "Give its path on this host, such as /srv/tills/till-01.db.");
        if (path.Any(char.IsControl))
            return new(SyncErrorCode.InvalidConfiguration, "The path holds a control character", "Type it anew: something that cannot be seen was pasted with it.");
        if (path.Length > LongestPath)
            return new(SyncErrorCode.InvalidConfiguration, $"The path has {path.Length:N0} characters, and {LongestPath:N0} at most can be one", "Give the file's path on this host.");
        return System.IO.Path.IsPathFullyQualified(path.Trim())
            ? null
            : new(SyncErrorCode.InvalidConfiguration, "This is no full path", "Begin with the root of the disk: every host has to find the file.");
    }

    /// <summary>The field that an error of attaching is about; empty where it is about none.</summary>
    public static string FieldOf(SyncException e) => e switch
    {
        { Code: SyncErrorCode.IdentityMismatch } => nameof(Id),
        _ when e.Message.Contains("terminal's id", StringComparison.Ordinal) => nameof(Id),
        { Code: SyncErrorCode.TerminalUnavailable } => nameof(Path),
        _ => string.Empty,
    };
}
