using PayFlow.Sync.Engine.Central.Values;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>One column of a staging table: <c>n3</c> holds what the terminal has now, <c>b3</c> its before-image, <c>l3</c> and <c>m3</c> the same as the terminal's own keys of a parent.</summary>
internal sealed record StagedColumn(ColumnPlan Plan, ColumnCodec Codec, int Ordinal)
{
    public string Name => PostgresName.Quote(Plan.Central.Name);

    public string Target => "t." + Name;

    public string New => $"s.n{Ordinal}";

    public string NewValue => Codec.FromStage(New);

    public string BaseValue => Codec.FromStage($"s.b{Ordinal}");

    /// <summary>Neither part of the key nor computed by central.</summary>
    public bool IsMerged => !Plan.IsKey && !Plan.IsGeneratedInCentral;

    /// <summary>Central's value and the terminal's change together. Integers go by way of numeric, so that only a sum that does not fit is refused.</summary>
    public string Sum => Plan.Central.Logical == LogicalType.Integer
        ? $"{Target}::numeric + {NewValue}::numeric - {BaseValue}::numeric"
        : $"{Target} + ({NewValue} - {BaseValue})";

    public string IsDifferent(string left, string right) => $"{Codec.Comparable(left)} IS DISTINCT FROM {Codec.Comparable(right)}";
}
