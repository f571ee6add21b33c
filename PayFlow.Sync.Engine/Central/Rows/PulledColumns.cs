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

    // The column whose value is the key's text already; -1 where there is none.
    private readonly int _keyColumn;

    public PulledColumns(TablePlan plan, string terminal, IReadOnlyDictionary<string, string> attributes)
    {
        Plan = plan;
        Codecs = [.. plan.Columns.Select(c => ColumnCodecs.For(c.Central))];
        Keys = [.. plan.CentralKey.Select(ColumnCodecs.For)];
        _keyColumn = plan.CentralKey is [{ Logical: LogicalType.Text or LogicalType.Uuid or LogicalType.Integer } key] ? plan.Columns.ToList().FindIndex(c => c.Central.Name == key.Name) : -1;
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
    public string Select => $"{KeyTextSql.For(Plan, Keys, "t")}, {Columns}";

    /// <summary>As <see cref="Select"/>; the key text is left out where a column says the same. For <see cref="ReadRow"/>.</summary>
    public string SelectOnce => _keyColumn < 0 ? Select : $"NULL, {Columns}";

    private string Columns => string.Join(", ", Codecs.Select((c, i) => c.ReadExpression($"t.{PostgresName.Quote(Plan.Columns[i].Central.Name)}")));

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

    /// <summary>A row of <see cref="SelectOnce"/>.</summary>
    public (string Key, CellValue[] Values) ReadRow(NpgsqlDataReader reader)
    {
        var values = Read(reader, 1);
        return (_keyColumn < 0 ? Normalize(reader.GetString(0)) : values[_keyColumn].ToString(), values);
    }

    /// <summary>PostgreSQL spells a composite key with blanks; everybody else without.</summary>
    public string Normalize(string key) => Plan.CentralKey.Count == 1 ? key : RowKey.Join(RowKey.Parse(key, Plan.CentralKey.Count));
}
