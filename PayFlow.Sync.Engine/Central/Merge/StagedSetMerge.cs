using Npgsql;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Tables;

namespace PayFlow.Sync.Engine.Central.Merge;

/// <summary>Merges one set of rows of one shape (with or without before-image) in a few statements, whatever its size. Fails as a whole.</summary>
internal sealed class StagedSetMerge(StagedTable table)
{
    private const int BitsPerMask = 60;

    private readonly MergeStatements _sql = new(table);
    private readonly WriteLimitStatements _limit = new(table);
    private readonly StagedSetReader _reader = new(table);
    private readonly LinkStatements _links = new(table, new WriteLimitStatements(table));

    public async Task<MergeTally> MergeAsync(MergeContext context, TableSection section, List<StagedRow> rows, SetHandling handling, CancellationToken cancellationToken)
    {
        var withBase = rows[0].WithBase;
        var tally = new MergeTally();
        await context.ExecuteAsync($"{table.CreateSql(withBase)}; TRUNCATE {table.Name(withBase)}", [], cancellationToken);
        await StageWriter.WriteAsync(context.Connection, table, rows, withBase, cancellationToken);
        var set = new MergeSet(rows, withBase);
        await ResolveKeysAsync(context, section, set, tally, cancellationToken);
        await TakeOutKnownAsync(context, set, handling, tally, cancellationToken);
        await DecideAsync(context, section, set, tally, cancellationToken);
        await HoldBackAsync(context, set, tally, cancellationToken);
        set.Count(tally);
        // What central had is part of a conflict's record, above all where it is about to be overwritten.
        var disputed = await _reader.ReadCentralAsync(context, set, set.Disputed(), cancellationToken);
        await ApplyAsync(context, set, handling, tally, cancellationToken);
        // Told after the write, because what it comes to is central's to say: its triggers, its defaults, rows of the same batch that a condition looks up.
        if (table.Limit is not null && set.WritesAnything && await _reader.FindOutsideAsync(context, set, cancellationToken) is { Count: > 0 } outside)
            return new MergeTally { Outside = outside };
        await AnswerAsync(context, set, disputed, tally, cancellationToken);
        return tally;
    }

    private async Task ResolveKeysAsync(MergeContext context, TableSection section, MergeSet set, MergeTally tally, CancellationToken cancellationToken)
    {
        if (set.HasLocalReferences(table))
        {
            foreach (var sql in _sql.TranslateReferences(set.WithBase))
                await context.ExecuteAsync(sql, [context.Terminal], cancellationToken);
            await TakeOutAsync(context, set, _sql.TakeOutOrphans(set.WithBase), (row, parent) => new() { Key = row.Change.Key, Status = RowStatus.Waits, Reason = parent }, tally, cancellationToken);
        }
        await FindKeysAsync(context, section, set, tally, cancellationToken);
        // Of a table that only travels down nothing is made here, whatever key it names, and nothing is told that would not come down.
        if (section.IsLinkOnly)
            await TakeOutAsync(context, set, _sql.TakeOutMissing(set.WithBase), (row, _) => Unlinked(row), tally, cancellationToken);
    }

    private async Task FindKeysAsync(MergeContext context, TableSection section, MergeSet set, MergeTally tally, CancellationToken cancellationToken)
    {
        if (!table.IsLinked)
            return;
        object?[] who = [context.Terminal, table.Plan.Name];
        if (set.KnowsServerKeys)
            await context.ExecuteAsync(_links.DropStaleLinks(set.WithBase), who, cancellationToken);
        // A bootstrap that died halfway sends rows again that were linked a moment ago, and that central may have changed since: there the link is right.
        var isSure = set.WithBase || (section.IsBootstrap && !context.Batch.IsRestored);
        await context.ExecuteAsync(isSure ? _links.FindLinks(set.WithBase) : _links.FindLinksOfSameRows(), who, cancellationToken);
        if (section.IsBootstrap && table.Plan.Entry.Match.Count > 0 && !set.WithBase)
            await context.ExecuteAsync(_links.FindMatches(), who, cancellationToken);
        if (section.IsLinkOnly || table.Plan.Entry.Unlinked == UnlinkedRows.Skip)
            await TakeOutAsync(context, set, _sql.TakeOutUnlinked(set.WithBase), (row, _) => Unlinked(row), tally, cancellationToken);
        else
            await context.ExecuteAsync(_sql.GiveKeys(set.WithBase), [], cancellationToken);
    }

    private static RowOutcome Unlinked(StagedRow row) => new() { Key = row.Change.Key, Status = RowStatus.Skipped, Reason = "has no central row, and the map says not to create one" };

    private static async Task TakeOutAsync(MergeContext context, MergeSet set, string sql, Func<StagedRow, string?, RowOutcome> outcome, MergeTally tally, CancellationToken cancellationToken, params object?[] parameters)
    {
        await using var command = context.Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var ord = reader.GetInt32(0);
            set.TakeOut(ord);
            tally.Add(outcome(set.Row(ord), reader.FieldCount > 1 ? reader.GetString(1) : null));
        }
    }

    private async Task TakeOutKnownAsync(MergeContext context, MergeSet set, SetHandling handling, MergeTally tally, CancellationToken cancellationToken)
    {
        foreach (var key in handling.Orphans)
            await TakeOutAsync(context, set, _sql.TakeOutDangling(set.WithBase, key), (row, _) => RowRefusal.Waits(key, table.Plan, row.Change, context.CentralNames), tally, cancellationToken);
        foreach (var column in handling.Required)
            await TakeOutAsync(context, set, _sql.TakeOutEmpty(set.WithBase, column), (row, _) => RowRefusal.Empty(table.Plan, column.Plan, row.Change), tally, cancellationToken);
    }

    private async Task DecideAsync(MergeContext context, TableSection section, MergeSet set, MergeTally tally, CancellationToken cancellationToken)
    {
        await using (var locking = context.Command(_sql.Lock(set.WithBase)))
        {
            var existing = (long)(await locking.ExecuteScalarAsync(cancellationToken))!;
            if (existing == 0 && !set.WithBase)
                return;
        }
        var captured = table.Plan.Entry.CentralCapture == CaptureMode.Trigger && context.Tables.TryGetValue(table.Plan.Name, out var number) ? number : (int?)null;
        var byLog = section.BaseUnknown && captured is not null;
        var seen = context.Batch.Seen;
        // A table whose changes only travel up is changed by nobody else.
        var touched = byLog ? Touched.ByLog : !section.BaseUnknown ? Touched.Unknown : !table.Plan.Pushes ? Touched.Never : section.SeenStamp is null ? Touched.Unknown : Touched.ByStamp;
        object?[] parameters = touched switch
        {
            Touched.ByLog => [context.Terminal, captured, seen.Generation, seen.Transaction.ToString(System.Globalization.CultureInfo.InvariantCulture), seen.Entry],
            Touched.ByStamp => [context.Terminal, context.Tables[table.Plan.Name], section.SeenStamp],
            _ => [],
        };
        var foreign = new List<int>();
        await CompareAsync(context, section, set, touched, parameters, foreign, cancellationToken);
        if (foreign.Count == 0)
            return;
        await context.ExecuteAsync(_limit.TakeOut(set.WithBase), [foreign.ToArray()], cancellationToken);
        foreach (var ord in foreign)
        {
            set.TakeOut(ord);
            tally.Add(RowRefusal.Foreign(table, set.Row(ord).Change));
        }
    }

    // Rows that the terminal may not write are only named: nothing of them is weighed, recorded or answered. By one statement with the comparison, so that what was compared is what was asked.
    private async Task CompareAsync(MergeContext context, TableSection section, MergeSet set, Touched touched, object?[] parameters, List<int> foreign, CancellationToken cancellationToken)
    {
        // A row of old that is compared, or one that a backup sends once more, is none that was made again.
        var isNew = section.IsLinked && !context.Batch.IsRestored;
        await using var comparing = context.Command(_sql.Compare(set.WithBase, Adds(context), touched, _limit), parameters);
        await using var reader = await comparing.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!reader.GetBoolean(12) && !section.IsLinkOnly)
            {
                foreign.Add(reader.GetInt32(0));
                continue;
            }
            var comparison = new RowComparison(reader.GetBoolean(1), reader.GetBoolean(2), set.WithBase, reader.GetString(3), reader.GetString(4), reader.GetString(5),
                reader.GetString(6), reader.GetBoolean(7) && (set.WithBase || isNew), reader.GetBoolean(8), reader.GetBoolean(9), section.IsLinked && !reader.GetBoolean(11), reader.IsDBNull(10) ? null : reader.GetBoolean(10));
            set.Decide(reader.GetInt32(0), section.IsLinkOnly ? MergeRules.LinkOnly(comparison) : MergeRules.Decide(Policy(context), comparison));
        }
    }

    // A delete must not take rows along that its till never had. Again until nothing is held back any more: a row that stays keeps its parent, too.
    private async Task HoldBackAsync(MergeContext context, MergeSet set, MergeTally tally, CancellationToken cancellationToken)
    {
        if (table.Plan.CentralSoftDelete is not null)
            return;
        for (var before = -1; table.Cascaded.Count > 0 && set.Any(MergeAction.Delete) && before != set.Left;)
        {
            before = set.Left;
            foreach (var child in table.Cascaded)
                await TakeOutAsync(context, set, child.TakeOutHeld(table, set.WithBase), (row, _) => RowRefusal.Held(table.Plan, row.Change, child.Table), tally, cancellationToken, set.Actions());
        }
    }

    // A file from a backup does not know what it sent since: what would overwrite a newer row waits for a person instead.
    private MergePolicy Policy(MergeContext context) =>
        context.Batch.IsRestored && table.Policy.Conflicts is not ConflictPolicy.ServerWins ? table.Policy with { Conflicts = ConflictPolicy.Manual } : table.Policy;

    // Nor may it count a sale twice.
    private static bool Adds(MergeContext context) => !context.Batch.IsRestored;

    private async Task ApplyAsync(MergeContext context, MergeSet set, SetHandling handling, MergeTally tally, CancellationToken cancellationToken)
    {
        object?[] journal = [context.Batch.RunId, context.Batch.Id, context.Terminal, table.Plan.Name];
        foreach (var column in handling.Parked)
            await ParkAsync(context, set, column, journal, cancellationToken);
        // Rows come by the terminal's key. Where central has the same key, sorting them again only costs.
        var inOrder = !table.IsLinked && set.IsInKeyOrder;
        if (set.IsAllInserts)
        {
            await context.ExecuteAsync(_sql.Insert(set.WithBase, all: true, inOrder), journal, cancellationToken);
            tally.Inserted(set.Left);
        }
        else
        {
            if (set.Any(MergeAction.Insert))
                await context.ExecuteAsync(_sql.Insert(set.WithBase, all: false, inOrder), [set.Actions(), .. journal], cancellationToken);
            if (set.Any(MergeAction.Update))
                await UpdateAsync(context, set, journal, cancellationToken);
            if (set.Any(MergeAction.Delete))
                await context.ExecuteAsync(_sql.Delete(set.WithBase), [set.Actions(), .. journal], cancellationToken);
        }
        if (table.Plan is { Pushes: true, Entry.CentralCapture: CaptureMode.Timestamp } && set.WritesAnything)
            await context.ExecuteAsync(_sql.KeepEchoes(set.WithBase), [set.Actions(), context.Terminal, context.Tables[table.Plan.Name]], cancellationToken);
        if (!table.IsLinked)
            return;
        if (set.HasDeletes)
            await context.ExecuteAsync(_links.DropLinks(set.WithBase), [set.Actions(), context.Terminal, table.Plan.Name], cancellationToken);
        if (context.Sabotage == Sabotage.SkipLinks)
            return;
        await context.ExecuteAsync(_links.KeepLinks(set.WithBase), [context.Terminal, table.Plan.Name], cancellationToken);
    }

    private async Task ParkAsync(MergeContext context, MergeSet set, StagedColumn column, object?[] journal, CancellationToken cancellationToken)
    {
        var actions = set.ActionsOn(table.Merged.ToList().IndexOf(column));
        if (actions.Contains((byte)'U'))
            await context.ExecuteAsync(_sql.Park(set.WithBase, column), [actions, .. journal], cancellationToken);
    }

    private async Task UpdateAsync(MergeContext context, MergeSet set, object?[] journal, CancellationToken cancellationToken)
    {
        var chunks = set.UpdatedColumns(table.Merged.Count).Chunk(BitsPerMask).ToList();
        if (chunks.Count == 0 && set.Revives && table.Plan.SoftDelete is null)
            chunks.Add([]);
        foreach (var columns in chunks)
            await context.ExecuteAsync(_sql.Update(set.WithBase, Adds(context), columns), [set.Actions(), set.Masks(columns), .. journal], cancellationToken);
    }

    private async Task AnswerAsync(MergeContext context, MergeSet set, Dictionary<int, CellValue[]> disputed, MergeTally tally, CancellationToken cancellationToken)
    {
        var hasGenerated = table.Columns.Any(c => c.Plan.IsGeneratedInCentral);
        if ((table.Plan.Central.HasUserTriggers || hasGenerated) && set.WritesAnything)
        {
            await using var altered = context.Command(_sql.ReadAltered(set.WithBase), set.Actions());
            await using var reader = await altered.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                set.NeedsAnswer(reader.GetInt32(0));
        }
        var keys = table.IsLinked ? await _reader.ReadKeysAsync(context, set, cancellationToken) : [];
        var central = await _reader.ReadCentralAsync(context, set, set.Answered(), cancellationToken);
        foreach (var (ord, row, decision) in set.Decided)
        {
            var values = central.GetValueOrDefault(ord);
            var key = keys.GetValueOrDefault(ord);
            if (decision.Conflict is not null)
            {
                tally.Conflict();
                await ConflictRecord.WriteAsync(context, table, Images(row, decision, decision.Open is null ? disputed.GetValueOrDefault(ord) : values, key), decision, cancellationToken);
            }
            if (Outcome(set, ord, row, decision, values, key) is { } outcome)
                tally.Add(outcome);
        }
        await ConflictRecord.WithdrawAsync(context, table.Plan.Name, [.. set.Decided.Where(d => !d.Decision.IsOpen).Select(d => d.Row.Change.Key)], cancellationToken);
    }

    // Where only some columns wait, both sides agree on the others now: what is left of the conflict is shown.
    private ConflictImages Images(StagedRow row, MergeDecision decision, CellValue[]? central, string? key)
    {
        var images = new ConflictImages
        {
            Key = table.IsLinked ? key : row.Change.Key,
            LocalKey = row.Change.Key,
            Base = row.Change.Base,
            Terminal = row.Change.Values,
            Central = central,
            Added = decision.Open is null ? [] : [.. table.Columns.Where(table.IsAdditive).Select(c => c.Plan.Terminal.Name).Except(ConflictRecord.Fields(table, decision.Open), StringComparer.Ordinal)],
        };
        return decision.Open is null || central is null
            ? images
            : images with { Base = Agreed(row.Change.Base!, central, decision.Open), Terminal = Agreed(row.Change.Values!, central, decision.Open) };
    }

    private CellValue[] Agreed(CellValue[] values, CellValue[] central, string open)
    {
        var agreed = (CellValue[])values.Clone();
        for (var i = 0; i < table.Merged.Count; i++)
        {
            if (!ColumnSet.Has(open, i))
                agreed[table.Merged[i].Ordinal] = central[table.Merged[i].Ordinal];
        }
        return agreed;
    }

    private RowOutcome? Outcome(MergeSet set, int ord, StagedRow row, MergeDecision decision, CellValue[]? central, string? key)
    {
        if (decision.IsOpen)
        {
            return new()
            {
                Key = row.Change.Key,
                Status = RowStatus.Conflict,
                ServerKey = key,
                Reason = $"both sides changed it ({decision.Conflict}); a decision is needed",
                Central = decision.Open is null ? null : central,
                Open = decision.Open is null ? null : ConflictRecord.Fields(table, decision.Open),
            };
        }
        var answer = set.IsAnswered(ord);
        if (!answer && key is null)
            return null;
        return new()
        {
            Key = row.Change.Key,
            Status = RowStatus.Applied,
            ServerKey = row.Change.IsDelete && central is null ? null : key,
            Central = answer ? central : null,
            CentralDeleted = answer && central is null && decision.Action == MergeAction.Keep && !row.Change.IsDelete,
        };
    }
}
