import type { IncomingRow } from '../apply/pageWriter.js';
import { beginning, comparePositions, positionText } from '../file/position.js';
import { keySql } from '../file/keySql.js';
import { cellSql, quote, raw, sql, Sql } from '../file/sql.js';
import { isLinked, type TablePlan } from '../plan.js';
import type { Cell } from '../values/cell.js';
import { readCells, writeCells } from '../values/image.js';
import type { RunContext } from './runContext.js';

const rowsPerTransaction = 1_000;
const keysPerSweep = 500;

/** A table's first load: the log's place was noted before, then the table comes down in key order, piece by piece, and goes on in the middle after a stop. What changes meanwhile stands in the log behind that place. */
export class LoadPhase {
  constructor(private readonly run: RunContext) {}

  async load(table: TablePlan): Promise<void> {
    const run = this.run;
    const name = table.terminal.name;
    await run.ensureAdvanced();
    let state = run.stateOf(table)!;
    const wasEmpty = state.load === 'waiting' && (await run.file.isUntouched(name));
    if (state.load === 'waiting') {
      const position = comparePositions(state.position, beginning) === 0 ? await run.central.position() : state.position;
      state = { ...state, load: wasEmpty ? 'loadingempty' : 'loading', loadKey: null, position };
      await run.database.write(() => run.save(state));
    } else if (state.load === 'reloading' && state.loadKey === null) {
      state = { ...state, position: await run.central.position() };
      await run.database.write(() => run.save(state));
    }
    if (state.load !== 'sweeping') {
      await this.stream(table, wasEmpty);
      const next = state.load === 'reloading' ? 'sweeping' : 'done';
      await run.database.write(() => run.save({ ...run.stateOf(table)!, load: next, loadKey: null }));
    }
    if (run.stateOf(table)!.load === 'sweeping') {
      await this.sweep(table);
      await run.database.write(() => run.save({ ...run.stateOf(table)!, load: 'done', loadKey: null }));
    }
    run.of(table, 'Push').checkpointTo = positionText(run.stateOf(table)!.position);
    await run.step('load-table-done');
  }

  private async stream(table: TablePlan, wasEmpty: boolean): Promise<void> {
    for (let isLast = false; !isLast;) {
      const piece = await this.run.central.rows(table.terminal.name, this.run.stateOf(table)!.loadKey, this.run.options.rowsPerPiece);
      for (let i = 0; i < piece.rows.length; i += rowsPerTransaction)
        await this.write(table, piece.rows.slice(i, i + rowsPerTransaction).map(r => ({ table, key: r.key, values: r.values })), wasEmpty);
      isLast = piece.isLast || piece.rows.length === 0;
    }
  }

  private async write(table: TablePlan, rows: readonly IncomingRow[], wasEmpty: boolean): Promise<void> {
    const run = this.run;
    const tallies = await run.tools.pages.write(rows, run.now(), () => run.save({ ...run.stateOf(table)!, loadKey: rows.at(-1)!.key }), wasEmpty);
    tallies.forEach((tally, t) => run.countWritten(t, tally));
    run.of(table, 'Push').read += rows.length;
    await run.step('load-chunk-written');
  }

  // After a hole in the log: asks central for every row that the till has, and removes those that are gone there. Rows with an open queue entry stay.
  private async sweep(table: TablePlan): Promise<void> {
    for (;;) {
      const { keys, last } = await this.readKeys(table, this.run.stateOf(table)!.loadKey);
      if (last === null)
        return;
      const gone = (await this.run.central.fetch(table.terminal.name, keys)).filter(r => r.values === null).map(r => ({ table, key: r.key, values: null }));
      const tallies = await this.run.tools.pages.write(gone, this.run.now(), () => this.run.save({ ...this.run.stateOf(table)!, loadKey: writeCells(last) }));
      tallies.forEach((tally, t) => this.run.countWritten(t, tally));
      await this.run.step('sweep-chunk-written');
    }
  }

  private async readKeys(table: TablePlan, after: string | null): Promise<{ keys: string[]; last: Cell[] | null }> {
    const columns = table.terminalKey.map(k => `t.${quote(k.name)}`);
    const central = isLinked(table) ? `t.${quote(table.serverIdColumn!)}` : keySql(table, 't');
    const start = after === null ? raw('') : sql`WHERE (${raw(columns.join(', '))}) > (${Sql.join(readCells(after).map(cellSql), ', ')})`;
    const found = await this.run.database.rows(raw(`CAST(${central} AS TEXT) AS k`), columns, sql`FROM ${raw(quote(table.terminal.name))} t ${start} ORDER BY ${raw(columns.join(', '))} LIMIT ${raw(String(keysPerSweep))}`);
    return { keys: found.flatMap(f => (f.row['k'] === null ? [] : [String(f.row['k'])])), last: found.at(-1)?.cells ?? null };
  }
}
