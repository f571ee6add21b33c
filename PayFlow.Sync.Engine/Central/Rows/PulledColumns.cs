using Npgsql;
using PayFlow.Sync.Engine.Central.Merge;
using PayFlow.Sync.Engine.Central.Values;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Rows;

/// <summary>How one table's rows are read for a terminal: key text, the columns that travel, and the terminal's filter.</summary>
internal sealed class PulledColumns
{
    private readonly string? _filter;
    private readonly string? _literalFilter;
    private readonly List<string> _attributes = [];

    public PulledColumns(TablePlan plan, string terminal, IReadOnlyDictionary<string, string> attributes)
    {
        Plan = plan;
        Codecs = [.. plan.Columns.Select(c => ColumnCodecs.For(c.Central))];
        Keys = [.. plan.CentralKey.Select(ColumnCodecs.For)];
        if (plan.Entry.Filter is not { Length: > 0 } text)
            return;
        var filter = RowFilter.Parse(plan.Name, text);
        _filter = filter.ToSql(name =>
        {
            _attributes.Add(filter.ValueOf(name, terminal, attributes));
            return $"@f{_attributes.Count - 1}";
        });
        _literalFilter = filter.ToSql(name => PostgresName.Literal(filter.ValueOf(name, terminal, attributes)));
    }

    public TablePlan Plan { get; }

    public IReadOnlyList<ColumnCodec> Codecs { get; }

    public IReadOnlyList<ColumnCodec> Keys { get; }

    /// <summary>Whether a row is this terminal's business, as a condition on <c>t</c> alone in scope.</summary>
    public string Filter => _filter is null ? "true" : $"coalesce(({_filter}), false)";

    /// <summary>The same with the attributes as literals, for COPY, which takes no parameters.</summary>
    public string LiteralFilter => _literalFilter is null ? "true" : $"coalesce(({_literalFilter}), false)";

    /// <summary>Key text and columns of <c>t</c>.</summary>
    public string Select => string.Join(", ", Codecs.Select((c, i) => c.ReadExpression($"t.{PostgresName.Quote(Plan.Columns[i].Central.Name)}")).Prepend(KeyTextSql.For(Plan, Keys, "t")));

    public void Bind(NpgsqlCommand command)
    {
        for (var i = 0; i < _attributes.Count; i++)
            // Untyped, so that it takes the type of the column it is compared with.
            command.Parameters.Add(new NpgsqlParameter($"f{i}", NpgsqlTypes.NpgsqlDbType.Unknown) { Value = _attributes[i] });
    }

    public CellValue[] Read(NpgsqlDataReader reader, int first)
    {
        var values = new CellValue[Codecs.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = Codecs[i].Read(reader, first + i);
        return values;
    }

    /// <summary>PostgreSQL spells a composite key with blanks; everybody else without.</summary>
    public string Normalize(string key) => Plan.CentralKey.Count == 1 ? key : RowKey.Join(RowKey.Parse(key, Plan.CentralKey.Count));
}
