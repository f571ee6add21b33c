import { RowRefused, type Database } from '../file/database.js';
import { cellSql, quote, raw, sql } from '../file/sql.js';
import { findTable, isLinked, type SyncPlan, type TablePlan } from '../plan.js';
import { serverKeyOf } from '../queue/queueTable.js';
import { cellText, type Cell } from '../values/cell.js';
import type { Codec } from '../values/codec.js';
import { codecFor } from '../values/codecs.js';
import { ExactDecimal } from '../values/decimal.js';
import type { ForeignKeys } from './foreignKeys.js';
import type { Journal } from './journal.js';
import { RowStore } from './rowStore.js';

/** What became of a row that came down; 'busy' has an open entry in the queue, and is found when that is sent. */
export type ApplyOutcome = 'unchanged' | 'inserted' | 'updated' | 'deleted' | 'busy';

/** Brings rows of one table to what central has: only what differs is written, and nothing over a row with an open queue entry. To be called inside an uncaptured write transaction. */
export class RowApplier {
  readonly rows: RowStore;
  private readonly codecs: Codec[];
  private readonly parents: (TablePlan | undefined)[];
  private held: Set<string> | null = null;
  private gone: Set<string> | null = null;

  constructor(private readonly database: Database, plan: SyncPlan, readonly table: TablePlan, journal: Journal, foreignKeys: ForeignKeys) {
    this.rows = new RowStore(database, plan, table, journal, foreignKeys);
    this.codecs = table.columns.map(c => codecFor(c));
    this.parents = table.columns.map(c => (c.references === undefined ? undefined : findTable(plan, c.references)));
  }

  /** Forgets what is known of the queue; at the beginning of a transaction. */
  begin(): void {
    this.held = null;
    this.gone = null;
  }

  /** Throws RowRefused when the till cannot hold the row, or its own constraints refuse it. */
  async apply(serverKey: string, values: readonly Cell[] | null, now: string): Promise<ApplyOutcome> {
    const current = await this.rows.find(serverKey);
    const isBusy = current !== null || !isLinked(this.table) ? await this.isOpen(current?.key ?? serverKey) : await this.holds(serverKey);
    if (isBusy)
      return 'busy';
    if (values === null)
      return current === null || this.table.entry.deletes === 'Ignore' ? 'unchanged' : this.delete(current.key, now);
    const stored = await this.toStored(values);
    if (current === null) {
      if (!(await this.insert(serverKey, stored, now)))
        throw new RowRefused(`${this.table.terminal.name}: a row with the key ${serverKey} is there already, spelled otherwise`);
      return 'inserted';
    }
    // A mark that does not travel with the row: what central has is not deleted.
    const travels = this.table.centralSoftDelete !== undefined && this.table.columns.some(c => c.terminal.name === this.table.terminalSoftDelete?.name && c.central.name === this.table.centralSoftDelete?.name);
    const isRevived = this.table.terminalSoftDelete !== undefined && !travels && (await this.rows.revive(current.key));
    return (await this.update(current.key, current.cells, stored, serverKey, now)) || isRevived ? 'updated' : 'unchanged';
  }

  /** Inserts without looking first, for a table that was empty; false when the row is there after all. */
  async tryInsert(serverKey: string, values: readonly Cell[], now: string): Promise<boolean> {
    return this.insert(serverKey, await this.toStored(values), now);
  }

  /** The same for many at once; false, with nothing inserted, when any of them needs a closer look. */
  async tryInsertMany(rows: readonly { key: string; values: readonly Cell[] }[], now: string): Promise<boolean> {
    if (!this.rows.isStoredAsWritten || this.reusesNumbers)
      return false;
    const prepared: { serverKey: string; stored: Cell[] }[] = [];
    try {
      for (const row of rows)
        prepared.push({ serverKey: row.key, stored: await this.toStored(row.values) });
      return await this.rows.insertMany(prepared, now);
    } catch (e) {
      if (e instanceof RowRefused)
        return false;
      throw e;
    }
  }

  /** Whether the app has changed the row with that own key, and central does not know it yet. */
  isOpen(key: string): Promise<boolean> {
    return this.database.exists(sql`SELECT 1 AS n FROM sync_queue WHERE entity_type = ${this.table.terminal.name} AND entity_id = ${key}`);
  }

  /** Whether a linked row was deleted or replaced by the app: only its before-image says which central row it was. */
  async holds(serverKey: string): Promise<boolean> {
    if (this.held === null) {
      const rows = await this.database.all(sql`SELECT base FROM sync_queue WHERE entity_type = ${this.table.terminal.name} AND base IS NOT NULL`);
      this.held = new Set(rows.map(r => serverKeyOf(this.table, String(r['base']))).filter(k => k !== null));
    }
    return this.held.has(serverKey);
  }

  /** Lets a row that is about to get other unique values give up those it has, for a moment. */
  async park(serverKey: string, values: readonly Cell[]): Promise<void> {
    const current = await this.rows.find(serverKey);
    if (current === null)
      return;
    const stored = await this.toStored(values);
    const unique = new Set(this.table.terminal.indexes.filter(i => i.isUnique).flatMap(i => i.columns.map(c => c.toLowerCase())));
    const cells = this.rows.writable
      .filter(i => !this.table.columns[i]!.isKey && unique.has(this.table.columns[i]!.terminal.name.toLowerCase()) && !this.same(i, current.cells[i]!, stored[i]!))
      .map(i => [i, this.table.columns[i]!.terminal.notNull ? `payflow:${current.key}` : null] as const);
    if (cells.length > 0)
      await this.rows.write(current.key, current.cells, cells);
  }

  /** Takes over what central decided of a row that was sent, known by its own key. */
  async takeOver(key: string, values: readonly Cell[] | null, serverKey: string | null, now: string): Promise<void> {
    if (values === null) {
      await this.rows.delete(key);
      return;
    }
    const current = await this.rows.findByKey(key);
    const known = serverKey ?? (isLinked(this.table) ? null : key);
    if (current !== null)
      await this.update(key, current, await this.toStored(values), serverKey, now);
    else if (known !== null)
      await this.askAgain(known, now);
  }

  /** Sets a row aside with the reason; it is asked for again at every run. */
  async refuse(serverKey: string, reason: string, now: string): Promise<void> {
    await this.database.run(sql`INSERT INTO payflow_aside (table_name, key, reason, since) VALUES (${this.table.terminal.name}, ${serverKey}, ${reason}, ${now})
      ON CONFLICT (table_name, key) DO UPDATE SET reason = excluded.reason, attempts = attempts + 1`);
  }

  /** Asks for a row once more as soon as its queue entry is closed: it was passed over because of that. */
  async askAgain(serverKey: string, now: string): Promise<void> {
    await this.database.run(sql`INSERT INTO payflow_aside (table_name, key, reason, attempts, since) VALUES (${this.table.terminal.name}, ${serverKey}, '', 0, ${now}) ON CONFLICT (table_name, key) DO NOTHING`);
  }

  /** A row that was set aside has arrived. */
  async accept(serverKey: string): Promise<void> {
    await this.database.run(sql`DELETE FROM payflow_aside WHERE table_name = ${this.table.terminal.name} AND key = ${serverKey}`);
  }

  /** Marks a row as agreed: its bookkeeping columns, where the table has them. */
  markSynced(key: string, serverKey: string | null, now: string): Promise<void> {
    return this.rows.mark(key, 'SYNCED', serverKey ?? (isLinked(this.table) ? null : key), now);
  }

  /** Central's values as this table holds them, parents by their local keys. */
  async toStored(values: readonly Cell[]): Promise<Cell[]> {
    const stored: Cell[] = [];
    for (let i = 0; i < values.length; i++) {
      const parent = this.parents[i];
      const made = parent !== undefined && values[i] !== null ? await this.localParent(parent, values[i]!) : this.codecs[i]!.toStored(values[i]!);
      if (made === null)
        throw new RowRefused(`waits for ${parent!.terminal.name}/${cellText(values[i]!)}`);
      if ('refusal' in made)
        throw new RowRefused(`${this.table.terminal.name}.${this.table.columns[i]!.terminal.name}: ${made.refusal}`);
      stored.push(made.value);
    }
    return stored;
  }

  /** One of central's values as this table holds it; undefined when the column cannot, or when the parent is not here. */
  async tryToStored(column: number, value: Cell): Promise<Cell | undefined> {
    const parent = this.parents[column];
    const made = parent !== undefined && value !== null ? await this.localParent(parent, value) : this.codecs[column]!.toStored(value);
    return made !== null && 'value' in made ? made.value : undefined;
  }

  isAdditive(column: number): boolean {
    const name = this.table.columns[column]!.terminal.name.toLowerCase();
    return this.table.entry.additive.some(a => a.toLowerCase() === name);
  }

  /** What an additive column holds when central's total has come in under a change of its own; undefined when that is no number, or none that the column can hold. */
  tryAdd(column: number, current: Cell, total: Cell, sent: Cell): Cell | undefined {
    const [now, there, before] = [current, total, sent].map(c => ExactDecimal.read(c));
    if (!now || !there || !before)
      return undefined;
    const sum = now.plus(there.plus(before.negated()));
    const logical = this.table.columns[column]!.central.logical;
    const neutral = logical === 'Integer' ? sum.toInteger() : logical === 'Float' ? Number(sum.toString()) : sum.toWrittenString();
    const made = neutral === null ? null : this.codecs[column]!.toStored(neutral);
    return made !== null && 'value' in made ? made.value : undefined;
  }

  same(column: number, a: Cell, b: Cell): boolean {
    return this.codecs[column]!.same(a, b);
  }

  /** Whether a travelling value is what the column holds. */
  meansSame(column: number, neutral: Cell, stored: Cell): boolean {
    const made = this.codecs[column]!.toStored(neutral);
    return 'value' in made && this.same(column, made.value, stored);
  }

  private get reusesNumbers(): boolean {
    return isLinked(this.table) && this.table.terminalKey[0]!.isAutoNumber && !this.table.terminal.isAutoIncrement;
  }

  private async localParent(parent: TablePlan, serverKey: Cell): Promise<{ value: Cell } | null> {
    const key = `t.${quote(parent.terminalKey[0]!.name)}`;
    const found = await this.database.rows(raw(''), [key], sql`FROM ${raw(quote(parent.terminal.name))} t WHERE t.${raw(quote(parent.serverIdColumn!))} = ${cellSql(cellText(serverKey))}`);
    return found.length === 0 ? null : { value: found[0]!.cells[0]! };
  }

  // An open entry knows its row by number: a row that came down must not be taken for the deleted one that had it before.
  private async insert(serverKey: string, stored: readonly Cell[], now: string): Promise<boolean> {
    if (!(await this.rows.insert(serverKey, stored, now)))
      return false;
    const deleted = this.reusesNumbers ? await this.deletedKeys() : new Set<string>();
    const key = deleted.size > 0 ? (await this.rows.find(serverKey))?.key : undefined;
    if (key !== undefined && deleted.has(key))
      await this.rows.renumber(key, [...deleted].map(BigInt).reduce((a, b) => (a > b ? a : b)));
    return true;
  }

  private async deletedKeys(): Promise<Set<string>> {
    this.gone ??= new Set((await this.database.all(sql`SELECT entity_id AS k FROM sync_queue WHERE entity_type = ${this.table.terminal.name} AND action = 'DELETE'`)).map(r => String(r['k'])));
    return this.gone;
  }

  private async update(key: string, current: readonly Cell[], wanted: readonly Cell[], serverKey: string | null, now: string): Promise<boolean> {
    const cells = this.rows.writable.filter(i => !this.table.columns[i]!.isKey && !this.same(i, current[i]!, wanted[i]!)).map(i => [i, wanted[i]!] as const);
    if (cells.length === 0)
      return false;
    await this.rows.write(key, current, cells);
    await this.markSynced(key, serverKey, now);
    return true;
  }

  private async delete(key: string, now: string): Promise<ApplyOutcome> {
    if (this.table.terminalSoftDelete !== undefined)
      return (await this.rows.markDeleted(key, now)) ? 'deleted' : 'unchanged';
    await this.rows.delete(key);
    return 'deleted';
  }
}
