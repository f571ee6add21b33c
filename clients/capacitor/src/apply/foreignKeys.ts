import type { Database } from '../file/database.js';
import { keyMatches } from '../file/keySql.js';
import { cellSql, quote, raw, Sql, sql } from '../file/sql.js';
import { isSame, type TablePlan } from '../plan.js';
import type { Cell } from '../values/cell.js';

interface Reference {
  child: string;
  columns: string[];
  parent: string;
  parentColumns: string[];
}

/** Tells whether foreign keys would dangle at the end of the transaction, which no driver says: what was written is looked at, by itself. */
export class ForeignKeys {
  private known: Reference[] | null = null;

  constructor(private readonly database: Database, private readonly plan: readonly TablePlan[]) {}

  /** The table whose row, of those named by their own keys, lacks a parent; those keys. */
  async withoutParent(table: TablePlan, keys: readonly string[]): Promise<Set<string>> {
    const references = (await this.all()).filter(r => isSame(r.child, table.terminal.name));
    const found = new Set<string>();
    if (references.length === 0)
      return found;
    const dangling = raw(references.map(r => {
      const own = r.columns.map(c => `t.${quote(c)} IS NOT NULL`).join(' AND ');
      return `(${own} AND NOT EXISTS (SELECT 1 FROM ${quote(r.parent)} p WHERE ${r.columns.map((c, i) => `p.${quote(r.parentColumns[i]!)} = t.${quote(c)}`).join(' AND ')}))`;
    }).join(' OR '));
    for (const key of keys) {
      if (await this.database.exists(sql`SELECT 1 AS n FROM ${raw(quote(table.terminal.name))} t WHERE ${keyMatches(table, 't', sql`${key}`)} AND (${dangling})`))
        found.add(key);
    }
    return found;
  }

  /** To be called before a row is deleted: what says, afterwards, which table still has rows of it. */
  async watchDelete(table: TablePlan, matches: Sql): Promise<() => Promise<string | null>> {
    const watched: { reference: Reference; cells: Cell[] }[] = [];
    for (const reference of (await this.all()).filter(r => isSame(r.parent, table.terminal.name))) {
      const row = (await this.database.rows(raw(''), reference.parentColumns.map(c => `t.${quote(c)}`), sql`FROM ${raw(quote(table.terminal.name))} t WHERE ${matches}`))[0];
      if (row !== undefined && row.cells.every(c => c !== null))
        watched.push({ reference, cells: row.cells });
    }
    return async () => {
      for (const { reference, cells } of watched) {
        const equal = (row: string, columns: string[]): Sql => Sql.join(columns.map((c, i) => sql`${raw(`${row}.${quote(c)}`)} = ${cellSql(cells[i]!)}`), ' AND ');
        if (await this.database.exists(sql`SELECT 1 AS n FROM ${raw(quote(reference.child))} c WHERE ${equal('c', reference.columns)}
          AND NOT EXISTS (SELECT 1 FROM ${raw(quote(reference.parent))} p WHERE ${equal('p', reference.parentColumns)}) LIMIT 1`))
          return reference.child;
      }
      return null;
    };
  }

  /** All that dangles in the file: slow, for the rare page whose transaction did not hold. */
  async countDangling(): Promise<number> {
    return this.database.count(raw('SELECT count(*) AS n FROM pragma_foreign_key_check'));
  }

  /** Tables that a delete in this one reaches by foreign keys, directly or not. */
  async descendants(table: string): Promise<Set<string>> {
    const found = new Set<string>();
    const open = [table.toLowerCase()];
    for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
      for (const reference of await this.all()) {
        const child = reference.child.toLowerCase();
        if (reference.parent.toLowerCase() !== parent || found.has(child))
          continue;
        found.add(child);
        open.push(child);
      }
    }
    return found;
  }

  // Of every table, those that are not synced included.
  private async all(): Promise<Reference[]> {
    if (this.known !== null)
      return this.known;
    const rows = await this.database.all(raw(`SELECT m.name AS child, f.id AS id, f."table" AS parent, f."from" AS src, f."to" AS dst FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f
      WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY m.name, f.id, f.seq`));
    const found = new Map<string, Reference>();
    for (const row of rows) {
      const [child, parent] = [String(row['child']), String(row['parent'])];
      const reference = found.get(`${child}\n${row['id']}`) ?? { child, columns: [], parent, parentColumns: [] };
      const key = this.plan.find(t => isSame(t.terminal.name, parent))?.terminal.key ?? [];
      reference.columns.push(String(row['src']));
      reference.parentColumns.push(row['dst'] === null ? key[reference.parentColumns.length] ?? 'rowid' : String(row['dst']));
      found.set(`${child}\n${row['id']}`, reference);
    }
    this.known = [...found.values()];
    return this.known;
  }
}
