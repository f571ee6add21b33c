import { findTable, isLinked, type SyncPlan, type TablePlan } from '../plan.js';
import type { Database } from '../file/database.js';
import { keyMatches } from '../file/keySql.js';
import { cellSql, quote, raw, sql, Sql } from '../file/sql.js';
import { cellText, LocalReference, rowSize, sameRow, type Cell } from '../values/cell.js';
import type { Codec } from '../values/codec.js';
import { codecFor } from '../values/codecs.js';
import { imageRow, readImage } from '../values/image.js';

/** One open entry of the queue together with its row as it is now. */
export interface QueueEntry {
  key: string;
  /** What both sides agreed on last; null for a row that central never had. */
  base: Cell[] | null;
  /** The row; null when it is gone. */
  values: Cell[] | null;
  serverKey: string | null;
  attempts: number;
  isConflict: boolean;
}

/** Central need not hear of it: never sent and gone again, or as both sides agreed on it. An open conflict has to be closed there. */
export function isNothing(entry: QueueEntry): boolean {
  return !entry.isConflict && (entry.values === null ? entry.base === null : entry.base !== null && sameRow(entry.values, entry.base));
}

/** Linked tables: the central key that an image names. */
export function serverKeyOf(table: TablePlan, image: string | null): string | null {
  if (!isLinked(table) || image === null)
    return null;
  const key = readImage(image).get(table.serverIdColumn!.toLowerCase()) ?? null;
  return key === null ? null : cellText(key);
}

const mostBytes = 4 << 20;

/** One table's part of the queue: open entries with their rows, ready to travel. */
export class QueueTable {
  readonly columns: string[];
  private readonly codecs: Codec[];
  private readonly parents: (TablePlan | undefined)[];
  private readonly stored: string[];

  constructor(private readonly database: Database, plan: SyncPlan, readonly table: TablePlan) {
    this.columns = table.columns.map(c => c.terminal.name);
    this.codecs = table.columns.map(c => codecFor(c));
    this.parents = table.columns.map(c => (c.references === undefined ? undefined : findTable(plan, c.references)));
    this.stored = this.columns.map(c => 't.' + quote(c));
  }

  /** The due entries behind a key, in key order; `isLast` when nothing is due behind them. */
  async read(after: string | null, deletes: boolean, now: string, limit: number): Promise<{ entries: QueueEntry[]; isLast: boolean }> {
    const found = await this.find(sql`q.entity_type = ${this.table.terminal.name} ${after === null ? raw('') : sql`AND q.entity_id > ${after}`} AND q.batch_id IS NULL AND (q.action = 'DELETE') = ${raw(deletes ? '1' : '0')}
      AND (q.status = 'PENDING' AND (q.next_attempt_at IS NULL OR q.next_attempt_at <= ${now}) OR q.status IN ('FAILED', 'CONFLICT') AND q.next_attempt_at <= ${now})
      ORDER BY q.entity_id LIMIT ${raw(String(limit))}`);
    let size = 0;
    const cut = found.findIndex(e => (size += rowSize(e.values) + rowSize(e.base)) >= mostBytes);
    return cut >= 0 && cut < found.length - 1 ? { entries: found.slice(0, cut + 1), isLast: false } : { entries: found, isLast: found.length < limit };
  }

  /** The open entry of a row that central never had. */
  async findNew(key: string): Promise<QueueEntry | null> {
    return (await this.find(sql`q.entity_type = ${this.table.terminal.name} AND q.entity_id = ${key} AND q.batch_id IS NULL AND q.status IN ('PENDING', 'FAILED') AND q.base IS NULL`))[0] ?? null;
  }

  /** A stored row made ready to travel. */
  async toNeutral(stored: readonly Cell[]): Promise<Cell[]> {
    const row = stored.map((cell, i) => this.codecs[i]!.toNeutral(cell));
    for (let i = 0; i < row.length; i++) {
      const parent = this.parents[i];
      if (parent !== undefined && row[i] !== null)
        row[i] = await this.parentOf(parent, row[i]!);
    }
    return row;
  }

  /** A before-image in the plan's columns, ready to travel. */
  readImage(json: string): Promise<Cell[]> {
    return this.toNeutral(imageRow(json, this.columns));
  }

  private async find(where: Sql): Promise<QueueEntry[]> {
    const t = this.table;
    const server = isLinked(t) ? `CAST(t.${quote(t.serverIdColumn!)} AS TEXT)` : 'NULL';
    const prefix = raw(`q.entity_id AS k, q.base AS b, q.attempts AS a, q.status AS s, t.${quote(t.terminalKey[0]!.name)} IS NOT NULL AS e, ${server} AS sk`);
    const tail = sql`FROM sync_queue q LEFT JOIN ${raw(quote(t.terminal.name))} t ON ${keyMatches(t, 't', raw('q.entity_id'))} WHERE ${where}`;
    const entries: QueueEntry[] = [];
    for (const { row, cells } of await this.database.rows(prefix, this.stored, tail)) {
      const image = row['b'] as string | null;
      const exists = Number(row['e']) !== 0;
      entries.push({
        key: String(row['k']),
        base: image === null ? null : await this.readImage(image),
        values: exists ? await this.toNeutral(cells) : null,
        serverKey: (exists ? (row['sk'] as string | null) : null) ?? serverKeyOf(t, image),
        attempts: Number(row['a']),
        isConflict: row['s'] === 'CONFLICT',
      });
    }
    return entries;
  }

  private async parentOf(parent: TablePlan, local: Cell): Promise<Cell> {
    const [name, server, key] = [parent.terminal.name, parent.serverIdColumn!, parent.terminalKey[0]!.name];
    const row = await this.database.first(sql`SELECT CAST(${raw(quote(server))} AS TEXT) AS k FROM ${raw(quote(name))} WHERE ${raw(quote(key))} = ${cellSql(local)}`);
    // Or the parent is deleted, too: its own entry still knows which central row it was.
    const known = (row?.['k'] as string | null | undefined) ?? (await this.goneParent(parent, cellText(local)));
    return known ?? new LocalReference(cellText(local));
  }

  private async goneParent(parent: TablePlan, key: string): Promise<string | null> {
    const entry = await this.database.first(sql`SELECT base FROM sync_queue WHERE entity_type = ${parent.terminal.name} AND entity_id = ${key}`);
    return serverKeyOf(parent, (entry?.['base'] as string | null | undefined) ?? null);
  }
}
