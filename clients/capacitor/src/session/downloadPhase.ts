import { isFollowed, type IncomingRow, type Tally } from '../apply/pageWriter.js';
import { comparePositions, parsePosition, positionText } from '../file/position.js';
import { raw, sql } from '../file/sql.js';
import type { ChangePage } from '../host/messages.js';
import { isLinked, type TablePlan } from '../plan.js';
import { LoadPhase } from './loadPhase.js';
import type { RunContext } from './runContext.js';

const entriesPerPage = 2_000;
const keysPerFetch = 500;

/**
 * Central to till: rows that were refused before are tried again, tables that were never loaded are loaded, and the change log is followed from the place that the till itself keeps. The place moves in the
 * transaction that writes the rows.
 */
export class DownloadPhase {
  constructor(private readonly run: RunContext) {}

  async runAll(): Promise<void> {
    const tables = this.run.plan.tables.filter(t => isFollowed(t) && this.run.stateOf(t)?.boot === 'done');
    await this.retryAside();
    const loads = new LoadPhase(this.run);
    const loading = tables.filter(t => this.run.stateOf(t)!.load !== 'done').sort((a, b) => a.entry.priority - b.entry.priority || a.rank - b.rank);
    for (const table of this.parentsFirst(loading))
      await loads.load(table);
    await this.followLog(tables, loads);
    // Tables that refer to each other are loaded one after the other: what the first set aside, the second has brought.
    if (loading.length > 0 || this.run.done.some(p => p.direction === 'Push' && p.inserted + p.updated + p.deleted > 0))
      await this.retryAside();
  }

  private parentsFirst(tables: readonly TablePlan[]): TablePlan[] {
    return this.run.plan.tables.filter(t => tables.includes(t));
  }

  private async followLog(tables: readonly TablePlan[], loads: LoadPhase): Promise<void> {
    while (tables.length > 0) {
      const places = new Map(tables.map(t => [t.terminal.name, this.run.stateOf(t)!.position]));
      const page = await this.run.central.download(places, entriesPerPage, this.run.isRestored);
      await this.run.step('page-read');
      if (page.entries > 0)
        await this.writePage(page, tables);
      await this.run.step('page-written');
      for (const table of tables.filter(t => t.terminal.name in page.reload))
        await loads.load(table);
      if (!page.isLast)
        continue;
      this.run.isHeldBack = page.isHeldBack;
      return;
    }
  }

  private async writePage(page: ChangePage, tables: readonly TablePlan[]): Promise<void> {
    const rows: IncomingRow[] = tables.flatMap(table => (page.tables[table.terminal.name] ?? []).map(r => ({ table, key: r.key, values: r.values })));
    if (rows.length > 0 || Object.keys(page.reload).length > 0)
      await this.run.ensureAdvanced();
    rows.push(...(await this.goneRows(page, tables)));
    const tallies = await this.run.tools.pages.write(rows, this.run.now(), async () => {
      for (const table of tables)
        await this.advance(table, page);
    });
    this.count(tallies);
    for (const table of tables.filter(t => t.terminal.name in page.tables)) {
      const progress = this.run.of(table, 'Push');
      progress.read += page.tables[table.terminal.name]!.length;
      progress.checkpointTo = positionText(this.run.stateOf(table)!.position);
    }
  }

  // Truncated tables: every row that both sides had and that central has not got again goes, like any deleted row.
  private async goneRows(page: ChangePage, tables: readonly TablePlan[]): Promise<IncomingRow[]> {
    const gone: IncomingRow[] = [];
    for (const table of tables.filter(t => page.reload[t.terminal.name] === true)) {
      const keys = await this.run.tools.appliers.get(table)!.rows.agreedKeys();
      for (let i = 0; i < keys.length; i += keysPerFetch) {
        const rows = await this.run.central.fetch(table.terminal.name, keys.slice(i, i + keysPerFetch));
        gone.push(...rows.filter(r => r.values === null).map(r => ({ table, key: r.key, values: null })));
      }
    }
    return gone;
  }

  private async advance(table: TablePlan, page: ChangePage): Promise<void> {
    const state = this.run.stateOf(table)!;
    const next = parsePosition(page.next);
    const clear = page.reload[table.terminal.name];
    if (table.terminal.name in page.tables)
      this.run.of(table, 'Push').checkpointFrom ??= positionText(state.position);
    // What central has now comes down again from the start. After a truncate nobody looks for more rows that are gone: those that go from now on stand in the log behind this page.
    if (clear !== undefined)
      await this.run.save({ ...state, load: clear ? 'waiting' : 'reloading', loadKey: null, position: clear ? next : state.position });
    else if (comparePositions(next, state.position) > 0)
      await this.run.save({ ...state, position: next });
  }

  // All in one page: rows that refer to each other can only arrive together.
  private async retryAside(): Promise<void> {
    const rows: IncomingRow[] = [];
    const aside = await this.run.database.all(raw('SELECT table_name AS t, key AS k, attempts AS a, since AS s FROM payflow_aside ORDER BY table_name, key'));
    for (const table of this.run.plan.tables) {
      // What a table that waits to be compared holds may have been changed without a note of it: nothing is written over that.
      if ((this.run.stateOf(table)?.boot ?? 'done') !== 'done')
        continue;
      const keys: string[] = [];
      for (const row of aside.filter(a => a['t'] === table.terminal.name)) {
        if (!(await this.isOpen(table, String(row['k']))))
          keys.push(String(row['k']));
      }
      for (let i = 0; i < keys.length; i += keysPerFetch)
        rows.push(...(await this.run.central.fetch(table.terminal.name, keys.slice(i, i + keysPerFetch))).map(r => ({ table, key: r.key, values: r.values })));
    }
    if (rows.length === 0)
      return;
    await this.run.ensureAdvanced();
    const takeOff = async (): Promise<void> => {
      // Taken off the list first: whoever is refused again is put back on it, with one attempt more.
      for (const row of rows)
        await this.run.tools.appliers.get(row.table)!.accept(row.key);
    };
    const restore = async (): Promise<void> => {
      for (const row of aside)
        await this.run.database.run(sql`UPDATE payflow_aside SET attempts = attempts + ${raw(String(row['a']))}, since = ${String(row['s'])} WHERE table_name = ${row['t']!} AND key = ${row['k']!} AND ${raw(rows.some(r => r.table.terminal.name === row['t'] && r.key === row['k']) ? '1' : '0')}`);
    };
    this.count(await this.run.tools.pages.write(rows, this.run.now(), restore, false, takeOff));
  }

  // What is set aside is known by central's key, an entry by the row's own.
  private async isOpen(table: TablePlan, key: string): Promise<boolean> {
    const applier = this.run.tools.appliers.get(table)!;
    applier.begin();
    return isLinked(table) ? applier.holds(key) : applier.isOpen(key);
  }

  private count(tallies: ReadonlyMap<TablePlan, Tally>): void {
    tallies.forEach((tally, table) => this.run.countWritten(table, tally));
  }
}
