import { imageSql } from '../file/captureTriggers.js';
import type { Database } from '../file/database.js';
import { keyMatches, keySql } from '../file/keySql.js';
import { cellSql, quote, raw, Sql, sql } from '../file/sql.js';
import { findTable, isLinked, isSoftDeleteFlag, softDeleteColumn, type SyncPlan, type TablePlan } from '../plan.js';
import type { Cell } from '../values/cell.js';
import { codecFor } from '../values/codecs.js';
import { writeImage } from '../values/image.js';
import { rowHash } from '../values/rowHash.js';
import { CascadeGuard } from './cascadeGuard.js';
import type { ForeignKeys } from './foreignKeys.js';
import type { Journal } from './journal.js';

/** The statements that find and change rows of one table, never REPLACE (which deletes and cascades); what they change is noted in the journal. */
export class RowStore {
  /** The columns that are written, as positions in the plan's. */
  readonly writable: number[];
  private readonly name: Sql;
  private readonly columns: string[];
  private readonly guard: CascadeGuard;

  constructor(private readonly database: Database, private readonly plan: SyncPlan, private readonly table: TablePlan, private readonly journal: Journal, foreignKeys: ForeignKeys) {
    this.name = raw(quote(table.terminal.name));
    this.columns = table.columns.map(c => 't.' + quote(c.terminal.name));
    this.writable = table.columns.flatMap((c, i) => (c.terminal.isGenerated ? [] : [i]));
    this.guard = new CascadeGuard(database, plan, table, foreignKeys);
  }

  /** The condition that row `t` is central's row with that key. */
  matches(serverKey: string): Sql {
    return isLinked(this.table) ? sql`t.${raw(quote(this.table.serverIdColumn!))} = ${serverKey}` : this.isKey(serverKey);
  }

  /** The row as stored, by central's key, with its own. */
  async find(serverKey: string): Promise<{ key: string; cells: Cell[] } | null> {
    const found = (await this.database.rows(raw(`CAST(${keySql(this.table, 't')} AS TEXT) AS k`), this.columns, sql`FROM ${this.name} t WHERE ${this.matches(serverKey)}`))[0];
    return found === undefined ? null : { key: String(found.row['k']), cells: found.cells };
  }

  /** The row as stored, by its own key; null when it is gone. */
  async findByKey(key: string): Promise<Cell[] | null> {
    return (await this.database.rows(raw(''), this.columns, sql`FROM ${this.name} t WHERE ${this.isKey(key)}`))[0]?.cells ?? null;
  }

  /** Central's keys of every row without an open queue entry: those that a truncate in central is about. */
  async agreedKeys(): Promise<string[]> {
    const key = isLinked(this.table) ? `CAST(t.${quote(this.table.serverIdColumn!)} AS TEXT)` : `CAST(${keySql(this.table, 't')} AS TEXT)`;
    const rows = await this.database.all(sql`SELECT ${raw(key)} AS k FROM ${this.name} t WHERE ${raw(key)} IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM sync_queue q WHERE q.entity_type = ${this.table.terminal.name} AND q.entity_id = ${raw(keySql(this.table, 't'))})`);
    return rows.map(r => String(r['k']));
  }

  /** Inserts a row; false when one with its key is there after all. */
  async insert(serverKey: string, stored: readonly Cell[], now: string): Promise<boolean> {
    if (await this.database.run(this.insertion([{ serverKey, stored }], now)) === 0)
      return false;
    const written = this.isStoredAsWritten ? stored : ((await this.find(serverKey))?.cells ?? stored);
    this.noteInsert(serverKey, written);
    return true;
  }

  /** Inserts many rows by few statements; false, with nothing inserted, when any of them does not go in as it is. */
  async insertMany(rows: readonly { serverKey: string; stored: readonly Cell[] }[], now: string): Promise<boolean> {
    const width = this.writable.length + 4;
    const perStatement = Math.max(1, Math.floor(900 / width));
    const fits = await this.database.savepoint('many', async () => {
      for (let i = 0; i < rows.length; i += perStatement) {
        const piece = rows.slice(i, i + perStatement);
        if (await this.database.run(this.insertion(piece, now)) !== piece.length)
          return false;
      }
      return true;
    });
    if (fits)
      rows.forEach(r => this.noteInsert(r.serverKey, r.stored));
    return fits;
  }

  /** What is written is what is stored: the table has no triggers of the app, which may make something else of it. */
  get isStoredAsWritten(): boolean {
    return !this.table.terminal.hasUserTriggers;
  }

  /** Gives a row that was just inserted, and that nothing refers to yet, a number of its own above all others and above `taken`. */
  async renumber(key: string, taken: bigint): Promise<void> {
    const number = quote(this.table.terminalKey[0]!.name);
    await this.database.run(sql`UPDATE ${this.name} AS t SET ${raw(number)} = 1 + max(${raw(taken.toString())}, (SELECT max(${raw(number)}) FROM ${this.name})) WHERE ${this.isKey(key)}`);
  }

  /** Writes some columns of a row, by its own key. */
  async write(key: string, current: readonly Cell[], cells: readonly (readonly [number, Cell])[]): Promise<void> {
    const set = Sql.join(cells.map(([i, cell]) => sql`${raw(quote(this.table.columns[i]!.terminal.name))} = ${cellSql(cell)}`), ', ');
    await this.database.run(sql`UPDATE ${this.name} AS t SET ${set} WHERE ${this.isKey(key)}`);
    const after = [...current];
    for (const [i, cell] of cells)
      after[i] = cell;
    await this.noteUpdate(key, current, this.isStoredAsWritten ? after : ((await this.findByKey(key)) ?? after));
  }

  /** Writes one of the five states into the row's own bookkeeping columns, where the table has them. */
  async mark(key: string, status: string, serverKey: string | null, now: string | null): Promise<void> {
    const { syncStatusColumn, lastSyncColumn, serverIdColumn } = this.table;
    const set: Sql[] = [];
    if (syncStatusColumn !== undefined)
      set.push(sql`${raw(quote(syncStatusColumn))} = ${status}`);
    if (lastSyncColumn !== undefined && now !== null)
      set.push(sql`${raw(quote(lastSyncColumn))} = ${now}`);
    if (serverIdColumn !== undefined && serverKey !== null)
      set.push(sql`${raw(quote(serverIdColumn))} = ${serverKey}`);
    if (set.length > 0)
      await this.database.run(sql`UPDATE ${this.name} AS t SET ${Sql.join(set, ', ')} WHERE ${this.isKey(key)}`);
  }

  /** Marks a row as deleted, in its soft-delete column; false when it was already. */
  async markDeleted(key: string, now: string): Promise<boolean> {
    const column = raw(quote(this.table.terminalSoftDelete!.name));
    const mark = cellSql(this.deleteMark(now));
    const before = await this.findByKey(key);
    const unmarked = isSoftDeleteFlag(this.table) ? sql`${column} IS NOT ${mark}` : sql`${column} IS NULL`;
    if (before === null || (await this.database.run(sql`UPDATE ${this.name} AS t SET ${column} = ${mark} WHERE ${this.isKey(key)} AND ${unmarked}`)) === 0)
      return false;
    await this.noteUpdate(key, before, (await this.findByKey(key)) ?? before);
    return true;
  }

  /** Takes the mark of a deleted row away; false when there was none. */
  async revive(key: string): Promise<boolean> {
    const column = quote(this.table.terminalSoftDelete!.name);
    const [live, marked] = isSoftDeleteFlag(this.table) ? ['0', `${column} IS NOT 0`] : ['NULL', `${column} IS NOT NULL`];
    return (await this.database.run(sql`UPDATE ${this.name} AS t SET ${raw(column)} = ${raw(live)} WHERE ${this.isKey(key)} AND ${raw(marked)}`)) > 0;
  }

  /** Deletes a row, by its own key; RowRefused when rows that central has never seen would have gone with it. */
  async delete(key: string): Promise<void> {
    const images = await this.imagesBelow(key);
    await this.guard.delete(sql`DELETE FROM ${this.name} AS t WHERE ${this.isKey(key)}`);
    for (const image of images) {
      const after = await this.imageOf(findTable(this.plan, image.table)!, image.key);
      if (after !== image.json)
        await this.journal.changed(image.table, image.key, image.json, after);
    }
  }

  private isKey(key: string): Sql {
    return keyMatches(this.table, 't', sql`${key}`);
  }

  private insertion(rows: readonly { serverKey: string; stored: readonly Cell[] }[], now: string): Sql {
    const t = this.table;
    const hasOwnKey = isLinked(t) && !t.terminalKey[0]!.isAutoNumber;
    const extra = [hasOwnKey ? t.terminalKey[0]!.name : undefined, t.serverIdColumn, t.syncStatusColumn, t.lastSyncColumn];
    const columns = [...this.writable.map(i => t.columns[i]!.terminal.name), ...extra.filter(c => c !== undefined)];
    const values = rows.map(r => {
      const own: Sql[] = this.writable.map(i => cellSql(r.stored[i]!));
      if (hasOwnKey)
        own.push(sql`${r.serverKey}`);
      if (t.serverIdColumn !== undefined)
        own.push(sql`${r.serverKey}`);
      if (t.syncStatusColumn !== undefined)
        own.push(raw("'SYNCED'"));
      if (t.lastSyncColumn !== undefined)
        own.push(sql`${now}`);
      return sql`(${Sql.join(own, ', ')})`;
    });
    // A row that is there after all is left as it is; any other conflict is an error with its own words.
    const conflict = raw(isLinked(t) ? '' : ` ON CONFLICT (${t.terminalKey.map(c => quote(c.name)).join(', ')}) DO NOTHING`);
    return sql`INSERT INTO ${this.name} (${raw(columns.map(quote).join(', '))}) VALUES ${Sql.join(values, ', ')}${conflict}`;
  }

  // What the soft-delete column holds of a row that central deleted.
  private deleteMark(now: string): Cell {
    const column = softDeleteColumn(this.table);
    if (column === undefined)
      return isSoftDeleteFlag(this.table) ? 1n : now;
    const logical = column.central.logical;
    const neutral = logical === 'Boolean' || logical === 'Integer' ? 1n : logical === 'Timestamp' ? now.replace(/Z$/, '') : logical === 'Date' ? now.slice(0, 10) : now;
    const stored = codecFor(column).toStored(neutral);
    return 'value' in stored ? stored.value : now;
  }

  private noteInsert(serverKey: string, stored: readonly Cell[]): void {
    this.journal.inserted(this.table.terminal.name, serverKey, rowHash(this.writable.map(i => stored[i]!)));
  }

  private async noteUpdate(key: string, before: readonly Cell[], after: readonly Cell[]): Promise<void> {
    const columns = this.writable.map(i => this.table.columns[i]!.terminal.name);
    const image = (row: readonly Cell[]): string => writeImage(columns, this.writable.map(i => row[i]!));
    await this.journal.changed(this.table.terminal.name, key, image(before), image(after));
  }

  // The row and all that its delete touches by ON DELETE, with images.
  private async imagesBelow(key: string): Promise<{ table: string; key: string; json: string }[]> {
    const own = await this.imageOf(this.table, key);
    const images = own === null ? [] : [{ table: this.table.terminal.name, key, json: own }];
    const seen = new Set([`${this.table.terminal.name}\n${key}`]);
    const open: { table: TablePlan; key: string }[] = [{ table: this.table, key }];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const child of this.plan.tables) {
        for (const reference of child.terminal.foreignKeys) {
          if (!['CASCADE', 'SET NULL', 'SET DEFAULT'].includes(reference.onDelete) || findTable(this.plan, reference.parentTable) !== at.table)
            continue;
          const join = reference.columns.map((c, i) => `c.${quote(c)} = p.${quote(reference.parentColumns[i]!)}`).join(' AND ');
          const rows = await this.database.all(sql`SELECT CAST(${raw(keySql(child, 'c'))} AS TEXT) AS k, ${raw(this.wholeImage(child, 'c'))} AS j FROM ${raw(quote(at.table.terminal.name))} p
            JOIN ${raw(quote(child.terminal.name))} c ON ${raw(join)} WHERE ${keyMatches(at.table, 'p', sql`${at.key}`)}`);
          for (const row of rows) {
            const found = { table: child.terminal.name, key: String(row['k']), json: String(row['j']) };
            if (seen.has(`${found.table}\n${found.key}`))
              continue;
            seen.add(`${found.table}\n${found.key}`);
            images.push(found);
            if (reference.onDelete === 'CASCADE')
              open.push({ table: child, key: found.key });
          }
        }
      }
    }
    return images;
  }

  private async imageOf(table: TablePlan, key: string): Promise<string | null> {
    const row = await this.database.first(sql`SELECT ${raw(this.wholeImage(table, 't'))} AS j FROM ${raw(quote(table.terminal.name))} t WHERE ${keyMatches(table, 't', sql`${key}`)}`);
    return row === null ? null : String(row['j']);
  }

  private wholeImage(table: TablePlan, row: string): string {
    return imageSql(row, table.terminal.columns.filter(c => !c.isGenerated).map(c => c.name));
  }
}
