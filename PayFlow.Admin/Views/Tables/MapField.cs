using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Admin.Views.Tables;

/// <summary>A field of a map entry: how it is named, explained, shown and read back.</summary>
public sealed record MapField
{
    /// <summary>As the map's JSON names it.</summary>
    public required string Key { get; init; }

    public required string Label { get; init; }

    public required string Help { get; init; }

    public required MapFieldKind Kind { get; init; }

    /// <summary>The words of a choice, each with what it means.</summary>
    public IReadOnlyList<(string Word, string Meaning)> Choices { get; init; } = [];

    /// <summary>The field as text.</summary>
    public required Func<TableMapEntry, string> Get { get; init; }

    /// <summary>The entry with another text in the field; a <see cref="FormatException"/> says what is wrong with the text.</summary>
    public required Func<TableMapEntry, string, TableMapEntry> Set { get; init; }

    /// <summary>What it is when nobody says anything.</summary>
    public string Default => Get(new TableMapEntry { Name = string.Empty });
}
