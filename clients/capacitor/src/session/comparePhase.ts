import { keySql } from '../file/keySql.js';
import { positionText } from '../file/position.js';
import { cellSql, literal, quote, raw, Sql, sql } from '../file/sql.js';
import type { RowChange, SectionResult } from '../host/messages.js';
import { goesUp, isLinked, type TablePlan } from '../plan.js';
import { serverKeyOf } from '../queue/queueTable.js';
import { rowSize, type Cell } from '../values/cell.js';
import { readCells, writeCells } from '../values/image.js';
import type { RunContext } from './runContext.js';
import type { UploadPhase } from './uploadPhase.js';
import { UploadRoom, withRefused } from './uploadRoom.js';
import { newUuid } from '../values/uuid.js';

/**
 * Compares the rows that are older than the capture with central, piece by piece in key order ("bootstrap"): links what both sides have, uploads what central lacks. Goes on where it stopped; done again it
 * changes nothing, because equal rows are only recognised.
 */
export class ComparePhase {
  constructor(private readonly run: RunContext, private readonly upload: UploadPhase) {}

  /** Everything that waits; or only what is sent again to a central that was restored. */
  async runAll(all: boolean): Promise<void> {
    for (const table of this.run.plan.tables) {
      const boot = this.run.stateOf(table)?.boot ?? 'done';
      if (boot === 'done' || !(all || boot === 'resend'))
        continue;
      // Rows of old that the app has changed since travel by the queue. They go first, while it is still known that central may never have had them.
      await this.upload.sendEntries(table);
      await this.compare(table);
    }
  }

  private async compare(table: TablePlan): Promise<void> {
    const saved = this.run.stateOf(table)!.bootKey;
    let piece = await this.read(table, saved === null ? null : readCells(saved));
    while (piece.last !== null) {
      if (piece.rows.length > 0)
        this.run.countSent(await this.send(table, piece.rows, piece.last));
      piece = await this.read(table, piece.last);
    }
    await this.run.database.write(async () => {
      // What central would not take yet is nothing both sides agreed on, so it has no before-image either.
      await this.run.database.run(sql`UPDATE sync_queue SET base = NULL, action = 'INSERT' WHERE entity_type = ${table.terminal.name} AND action = 'UPDATE' AND batch_id IS NULL
        AND (status = 'FAILED' OR last_error IS NOT NULL) AND status <> 'CONFLICT'`);
      await this.run.save({ ...this.run.stateOf(table)!, boot: 'done', bootKey: null });
    });
    await this.run.step('bootstrap-table-done');
  }

  private async send(table: TablePlan, rows: readonly RowChange[], last: readonly Cell[]): Promise<SectionResult> {
    await this.run.ensureAdvanced();
    const state = this.run.stateOf(table)!;
    const { sent, refused } = new UploadRoom(this.run.central).split(table.terminal.name, rows);
    const nothing: SectionResult = { table: table.terminal.name, rows: 0, inserted: 0, updated: 0, deleted: 0, unchanged: 0, conflicts: 0, failed: 0, waiting: 0, skipped: 0, outcomes: [] };
    const answer = sent.length === 0 ? nothing : (await this.run.central.upload({
      id: newUuid(),
      runId: this.run.runId,
      seen: positionText(state.position),
      isRestored: false,
      sections: [{
        table: table.terminal.name,
        columns: this.run.tools.queues.get(table)!.columns,
        rows: sent,
        isBootstrap: true,
        isLinked: false,
        isLinkOnly: !goesUp(table),
        baseUnknown: state.boot === 'resend',
      }],
    })).sections[0]!;
    await this.run.step('bootstrap-chunk-applied');
    const result = withRefused(answer, refused);
    await this.run.database.writeUncaptured(() => this.acknowledge(table, rows, result, last));
    return result;
  }

  private async read(table: TablePlan, after: readonly Cell[] | null): Promise<{ rows: RowChange[]; last: Cell[] | null }> {
    const keys = table.terminalKey.map(k => `t.${quote(k.name)}`);
    const columns = table.columns.map(c => `t.${quote(c.terminal.name)}`);
    const server = isLinked(table) ? `CAST(t.${quote(table.serverIdColumn!)} AS TEXT)` : 'NULL';
    const start = after === null ? raw('') : sql`WHERE (${raw(keys.join(', '))}) > (${Sql.join(after.map(cellSql), ', ')})`;
    const queue = this.run.tools.queues.get(table)!;
    const found = await this.run.database.rows(
      raw(`CAST(${keySql(table, 't')} AS TEXT) AS k, q.entity_id IS NOT NULL AS e, q.base AS b, ${server} AS sk`),
      [...keys, ...columns],
      sql`FROM ${raw(quote(table.terminal.name))} t LEFT JOIN sync_queue q ON q.entity_type = ${raw(literal(table.terminal.name))} AND q.entity_id = ${raw(keySql(table, 't'))} ${start}
        ORDER BY ${raw(keys.join(', '))} LIMIT ${raw(String(table.entry.batchSize ?? this.run.options.batchSize))}`,
    );
    const rows: RowChange[] = [];
    const room = new UploadRoom(this.run.central).weight;
    let [last, weight]: [Cell[] | null, number] = [null, 0];
    for (const { row, cells } of found) {
      weight += rowSize(cells);
      // A heavy row begins a piece of its own.
      if (rows.length > 0 && weight > room)
        break;
      last = cells.slice(0, keys.length);
      const image = row['b'] as string | null;
      const serverKey = row['sk'] as string | null;
      // A row that was changed meanwhile is compared as it was before; the change itself travels by the queue, and so does a new row.
      if (image !== null)
        rows.push({ key: String(row['k']), serverKey: serverKey ?? serverKeyOf(table, image), values: await queue.readImage(image), base: null, attempts: 0 });
      else if (Number(row['e']) === 0)
        rows.push({ key: String(row['k']), serverKey, values: await queue.toNeutral(cells.slice(keys.length)), base: null, attempts: 0 });
    }
    return { rows, last };
  }

  private async acknowledge(table: TablePlan, rows: readonly RowChange[], result: SectionResult, last: readonly Cell[]): Promise<void> {
    const outcomes = new Map(result.outcomes.map(o => [o.key, o]));
    const { acknowledgement, appliers } = this.run.tools;
    const applier = appliers.get(table)!;
    await this.run.database.run(raw('PRAGMA defer_foreign_keys = ON'));
    for (const row of rows) {
      const outcome = outcomes.get(row.key);
      const isApplied = outcome === undefined || outcome.status === 'Applied';
      if (!isApplied && outcome.status !== 'Skipped')
        await acknowledgement.keep(table, row.key, outcome);
      else if (outcome?.central && !(await applier.isOpen(row.key)))
        await acknowledgement.takeOver(table, row.key, outcome.central, outcome.serverKey ?? null, this.run.now());
      if (isApplied)
        await applier.markSynced(row.key, outcome?.serverKey ?? null, this.run.now());
    }
    await this.run.save({ ...this.run.stateOf(table)!, bootKey: writeCells(last) });
  }
}
