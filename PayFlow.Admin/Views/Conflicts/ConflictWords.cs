using PayFlow.Sync.Engine.Central.Conflicts;

namespace PayFlow.Admin.Views.Conflicts;

/// <summary>Conflicts in words.</summary>
internal static class ConflictWords
{
    /// <summary>For lists: "both changed it".</summary>
    public static string Kind(string kind) => kind switch
    {
        ConflictKind.UpdateUpdate => "changed on both sides",
        ConflictKind.UpdateDelete => "changed at the terminal, deleted in central",
        ConflictKind.DeleteUpdate => "deleted at the terminal, changed in central",
        ConflictKind.InsertInsert => "made on both sides",
        ConflictKind.Unique => "value is taken",
        _ => kind,
    };

    /// <summary>What happened, a sentence.</summary>
    public static string Story(Conflict conflict) => conflict.Kind switch
    {
        ConflictKind.UpdateUpdate => $"Terminal {conflict.Terminal} and central changed the same {(conflict.Fields.Count == 1 ? "field" : "fields")} of this row since they last agreed.",
        ConflictKind.UpdateDelete => $"Terminal {conflict.Terminal} changed this row, and central deleted it.",
        ConflictKind.DeleteUpdate => $"Terminal {conflict.Terminal} deleted this row, and central changed it.",
        ConflictKind.InsertInsert => $"Terminal {conflict.Terminal} and central each made a row under this key.",
        _ => $"The row {conflict.LocalKey ?? conflict.Key} of terminal {conflict.Terminal} has {(conflict.Fields.Count == 0 ? "a value" : $"a value in {string.Join(", ", conflict.Fields)}")} that central's row {conflict.OtherKey} has already, and it may be there only once.",
    };

    /// <summary>How it was decided.</summary>
    public static string Resolution(string? resolution) => resolution switch
    {
        "terminal" => "the terminal's side",
        "central" => "central's side",
        "values" => "field by field",
        "withdrawn" => "withdrawn: the terminal took its change back",
        null => "open",
        _ => resolution,
    };
}
