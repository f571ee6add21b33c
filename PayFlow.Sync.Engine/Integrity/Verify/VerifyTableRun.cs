using System.Diagnostics;
using Npgsql;
using PayFlow.Sync.Engine.Changes;
using PayFlow.Sync.Engine.Sessions;
using PayFlow.Sync.Engine.Terminals;

namespace PayFlow.Sync.Engine.Integrity.Verify;

/// <summary>Compares one table: the streams side by side, then a second look at every row that seemed to differ.</summary>
internal sealed class VerifyTableRun(VerifyTable table, VerifyScope scope, NpgsqlConnection connection, SqliteDatabase database, VerifyFindings findings, IProgress<SyncProgress>? progress)
{
    private readonly Dictionary<string, long> _excluded = new(StringComparer.Ordinal);
    private readonly Dictionary<DifferenceKind, long> _differences = [];
    private readonly List<VerifySample> _samples = [];
    private long _lastShown;
    private long _equal;
    private long _inFlight;

    public async Task<VerifyTableReport> RunAsync(int samples, CancellationToken cancellationToken)
    {
        _equal = await StreamAsync(cancellationToken);
        FindUnlinked(cancellationToken);
        var recheck = new VerifyRecheck(connection, database, table, scope);
        foreach (var handful in findings.Read(table.Plan.Name, isProven: false, VerifyRecheck.RowsAtOnce))
        {
            foreach (var verdict in await recheck.JudgeAsync(handful, cancellationToken))
                Count(verdict, samples);
        }
        return new VerifyTableReport
        {
            Table = table.Plan.Name,
            Equal = _equal,
            MissingInTerminal = _differences.GetValueOrDefault(DifferenceKind.MissingInTerminal),
            MissingInCentral = _differences.GetValueOrDefault(DifferenceKind.MissingInCentral),
            Different = _differences.GetValueOrDefault(DifferenceKind.Different),
            InFlight = _inFlight,
            Excluded = _excluded,
            Samples = _samples,
        };
    }

    // By an index of the file where it has central's order; otherwise, or when what the columns hold breaks it, by keys that are sorted first.
    private async Task<long> StreamAsync(CancellationToken cancellationToken)
    {
        var terminal = new VerifyTerminalReader(database, table);
        if (terminal.HasIndex())
        {
            try
            {
                return await new VerifyJoin(table, findings, Show).RunAsync(connection, terminal, cancellationToken);
            }
            catch (VerifyOrderException e) when (e.IsTerminal)
            {
                findings.Forget(table.Plan.Name);
            }
        }
        terminal.Sort(cancellationToken);
        try
        {
            return await new VerifyJoin(table, findings, Show).RunAsync(connection, terminal, cancellationToken);
        }
        catch (VerifyOrderException e)
        {
            throw new SyncException(SyncErrorCode.Unexpected, $"{(e.IsTerminal ? "The terminal" : "Central")} gave rows out of order: {e.Message}", "Rebuild the table's primary key (REINDEX on either side), then verify again.") { Table = table.Plan.Name };
        }
    }

    private void FindUnlinked(CancellationToken cancellationToken)
    {
        foreach (var rows in new VerifyTerminalReader(database, table).Unlinked(cancellationToken))
        {
            foreach (var row in rows)
                findings.Add(new VerifyFinding(table.Plan.Name, DifferenceKind.MissingInCentral, null, table.OwnKey(row)), isProven: false);
        }
    }

    private void Count(VerifyVerdict verdict, int samples)
    {
        switch (verdict.Outcome)
        {
            case VerifyOutcome.Equal:
                _equal++;
                break;
            case VerifyOutcome.InFlight:
                _inFlight++;
                break;
            case VerifyOutcome.Excluded:
                _excluded[verdict.Reason!] = _excluded.GetValueOrDefault(verdict.Reason!) + 1;
                break;
            case VerifyOutcome.Differs:
                _differences[verdict.Kind] = _differences.GetValueOrDefault(verdict.Kind) + 1;
                findings.Add(verdict.Finding with { Kind = verdict.Kind }, isProven: true);
                if (_samples.Count < samples)
                    _samples.Add(Sample(verdict));
                break;
        }
    }

    private VerifySample Sample(VerifyVerdict verdict)
    {
        var key = verdict.Finding.Key ?? verdict.LocalKey ?? string.Empty;
        if (verdict.Kind != DifferenceKind.Different)
            return new VerifySample(verdict.Kind, key, null, null, null);
        var column = verdict.Columns[0];
        return new VerifySample(verdict.Kind, key, table.Plan.Columns[column].Terminal.Name, Text(verdict.Terminal![column]), Text(verdict.Central![column]));
    }

    private static string? Text(in CellValue value) => value.IsNull ? null : value.ToString();

    private void Show(long rows)
    {
        if (progress is null || Stopwatch.GetElapsedTime(_lastShown).TotalMilliseconds < 250)
            return;
        _lastShown = Stopwatch.GetTimestamp();
        progress.Report(new SyncProgress("verify", table.Plan.Name, rows, null));
    }
}
