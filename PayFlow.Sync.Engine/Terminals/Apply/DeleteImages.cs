using PayFlow.Sync.Engine.Tables;
using PayFlow.Sync.Engine.Terminals.Capture;
using PayFlow.Sync.Engine.Terminals.Journal;

namespace PayFlow.Sync.Engine.Terminals.Apply;

/// <summary>What a delete in one table does: to the row itself and, by <c>ON DELETE CASCADE</c> and <c>SET NULL</c>, to rows of other synced tables. Noted in the journal with images.</summary>
internal sealed class DeleteImages(SqliteDatabase database, SyncPlan plan, TablePlan table, TerminalJournal journal)
{
    private readonly IReadOnlyDictionary<string, List<(TablePlan Child, string Sql, bool IsCascade)>> _children = Children(plan);

    /// <summary>The row with that own key and all that its delete would touch.</summary>
    public List<RowImage> Read(string key)
    {
        var images = new List<RowImage>();
        if (Find(table, key) is { } image)
            images.Add(new RowImage(table.Name, key, image));
        Collect(table, key, images, [(table.Name, key)]);
        return images;
    }

    /// <summary>Notes what became of them.</summary>
    public void Note(IReadOnlyList<RowImage> images)
    {
        foreach (var image in images)
        {
            var after = Find(plan.Find(image.Table)!, image.Key);
            if (after != image.Json)
                journal.Changed(image.Table, image.Key, image.Json, after);
        }
    }

    private string? Find(TablePlan of, string key)
    {
        var row = database.Prepare($"SELECT {Image(of, "t")} FROM {SqliteName.Quote(of.Name)} t WHERE {KeySql.Matches(of, "t", "?1")}").Bind(1, key);
        var image = row.Step() ? row.Text(0) : null;
        row.Reset();
        return image;
    }

    private void Collect(TablePlan parent, string key, List<RowImage> images, HashSet<(string, string)> seen)
    {
        foreach (var (child, sql, isCascade) in _children.GetValueOrDefault(parent.Name) ?? [])
        {
            var rows = new List<RowImage>();
            for (var row = database.Prepare(sql).Bind(1, key); row.Step();)
                rows.Add(new RowImage(child.Name, row.Text(0)!, row.Text(1)!));
            foreach (var row in rows.Where(r => seen.Add((r.Table, r.Key))))
            {
                images.Add(row);
                if (isCascade)
                    Collect(child, row.Key, images, seen);
            }
        }
    }

    private static Dictionary<string, List<(TablePlan, string, bool)>> Children(SyncPlan plan)
    {
        var children = new Dictionary<string, List<(TablePlan, string, bool)>>(StringComparer.OrdinalIgnoreCase);
        foreach (var child in plan.Tables)
        {
            foreach (var reference in child.Terminal.ForeignKeys.Where(f => f.OnDelete is "CASCADE" or "SET NULL" or "SET DEFAULT"))
            {
                if (plan.Find(reference.ParentTable) is not { } parent)
                    continue;
                if (!children.TryGetValue(parent.Name, out var list))
                    children.Add(parent.Name, list = []);
                list.Add((child, Select(child, parent, reference), reference.OnDelete == "CASCADE"));
            }
        }
        return children;
    }

    private static string Select(TablePlan child, TablePlan parent, ForeignKeySchema reference)
    {
        var join = reference.Columns.Zip(reference.ParentColumns, (c, p) => $"c.{SqliteName.Quote(c)} = p.{SqliteName.Quote(p)}");
        return $"""
            SELECT {KeySql.Text(child, "c")}, {Image(child, "c")} FROM {SqliteName.Quote(parent.Name)} p
            JOIN {SqliteName.Quote(child.Name)} c ON {string.Join(" AND ", join)}
            WHERE {KeySql.Matches(parent, "p", "?1")} AND {string.Join(" AND ", child.TerminalKey.Select(k => $"c.{SqliteName.Quote(k.Name)} IS NOT NULL"))}
            """;
    }

    private static string Image(TablePlan of, string row) => ImageJson.Expression(row, [.. of.Terminal.Columns.Where(c => !c.IsGenerated).Select(c => c.Name)]);
}
