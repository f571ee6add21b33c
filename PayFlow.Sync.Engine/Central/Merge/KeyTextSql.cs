using PayFlow.Sync.Engine.Central.Values;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>A central row's key as SQL: its text form, <see cref="Changes.RowKey"/>; a composite one is spelled with PostgreSQL's blanks, which whoever reads it takes out.</summary>
internal static class KeyTextSql
{
    public static string For(TablePlan plan, IReadOnlyList<ColumnCodec> codecs, string alias)
    {
        var parts = plan.CentralKey.Select((c, i) => codecs[i].KeyText($"{alias}.{PostgresName.Quote(c.Name)}")).ToList();
        return parts.Count == 1 ? parts[0] : $"json_build_array({string.Join(", ", parts)})::text";
    }
}
