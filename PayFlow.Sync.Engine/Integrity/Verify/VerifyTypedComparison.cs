using Npgsql;
using NpgsqlTypes;
using PayFlow.Sync.Engine.Central.Values;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>
/// Lets central itself compare values of types that only it understands (<c>1 day</c> and <c>24:00</c>, two spellings of one array or JSON document), as the merge does.
/// </summary>
internal sealed class VerifyTypedComparison(NpgsqlConnection connection, VerifyTable table)
{
    /// <summary>The columns that central has to be asked about.</summary>
    public bool NeedsCentral(int column) => table.Plan.Columns[column].Central.Logical is LogicalType.Other or LogicalType.Json;

    /// <summary>Takes the columns that mean the same out of the rows' lists.</summary>
    public async Task SettleAsync(IReadOnlyList<(CellValue[] Central, CellValue[] Terminal, List<int> Columns)> rows, CancellationToken cancellationToken)
    {
        foreach (var column in rows.SelectMany(r => r.Columns).Distinct().Where(NeedsCentral).ToList())
        {
            var asked = rows.Where(r => r.Columns.Contains(column) && IsText(r.Central[column]) && IsText(r.Terminal[column])).ToList();
            var same = await SameAsync(column, [.. asked.Select(r => (r.Central[column].ToString(), r.Terminal[column].ToString()))], cancellationToken);
            for (var i = 0; i < asked.Count; i++)
            {
                if (same[i])
                    asked[i].Columns.Remove(column);
            }
        }
    }

    private static bool IsText(in CellValue value) => value.Kind is not (CellKind.Null or CellKind.Blob or CellKind.LocalReference);

    private async Task<bool[]> SameAsync(int column, IReadOnlyList<(string Central, string Terminal)> pairs, CancellationToken cancellationToken)
    {
        var same = new bool[pairs.Count];
        if (pairs.Count == 0)
            return same;
        var codec = table.Central.Codecs[column];
        await using var command = new NpgsqlCommand($"SELECT p.ord FROM unnest($1, $2) WITH ORDINALITY AS p (a, b, ord) WHERE {Comparable(codec, "p.a")} IS NOT DISTINCT FROM {Comparable(codec, "p.b")}", connection)
        {
            Parameters = { Texts(pairs.Select(p => p.Central)), Texts(pairs.Select(p => p.Terminal)) },
        };
        try
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                same[reader.GetInt64(0) - 1] = true;
        }
        // Some text is none of the type: those that are not to blame are found by halves, and it differs.
        catch (PostgresException e) when (e.SqlState.StartsWith("22", StringComparison.Ordinal))
        {
            Array.Clear(same);
            if (pairs.Count > 1)
            {
                var middle = pairs.Count / 2;
                (await SameAsync(column, [.. pairs.Take(middle)], cancellationToken)).CopyTo(same, 0);
                (await SameAsync(column, [.. pairs.Skip(middle)], cancellationToken)).CopyTo(same, middle);
            }
        }
        return same;
    }

    private static string Comparable(ColumnCodec codec, string text) => codec.Comparable(codec.FromStage(text));

    private static NpgsqlParameter Texts(IEnumerable<string> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
