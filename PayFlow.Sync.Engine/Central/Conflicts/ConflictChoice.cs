namespace PayFlow.Sync.Engine.Central.Conflicts;

/// <summary>A decision: a side, single fields, or single fields and a side for all others.</summary>
public sealed record ConflictChoice
{
    /// <summary>Decides the fields in dispute that <see cref="Fields"/> does not name; null when it names them all.</summary>
    public ConflictSide? Take { get; init; }

    /// <summary>By the terminal's column names.</summary>
    public IReadOnlyDictionary<string, FieldChoice> Fields { get; init; } = new Dictionary<string, FieldChoice>();

    public static ConflictChoice Of(ConflictSide side) => new() { Take = side };
}
