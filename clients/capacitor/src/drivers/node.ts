import { hostname } from 'node:os';
import { realpathSync } from 'node:fs';
import type { SqliteDriver, SqlRow } from '../file/driver.js';
import type { SqlValue } from '../file/sql.js';

/** What `libsql` and `better-sqlite3` have in common. */
export interface SynchronousSqlite {
  prepare(text: string): { reader: boolean; run(...values: unknown[]): { changes: number }; all(...values: unknown[]): unknown[] };
  exec(text: string): unknown;
  close(): unknown;
}

/** A file under Node: for tests, and for tills that run on Electron or Node. */
export class NodeDriver implements SqliteDriver {
  readonly fingerprint: string;

  /** @param open such as `path => new Database(path)` of libsql or better-sqlite3. */
  constructor(readonly name: string, private readonly sqlite: SynchronousSqlite, private readonly busySeconds = 5) {
    this.fingerprint = `${hostname()}:${realpathSync(name)}`;
    sqlite.exec(`PRAGMA busy_timeout = ${Math.round(this.busySeconds * 1000)}`);
  }

  async run(text: string, values: readonly SqlValue[]): Promise<number> {
    // As one list: a single NULL or blob that stands alone is taken for an object of named values.
    return this.sqlite.prepare(text).run([...values]).changes;
  }

  async query(text: string, values: readonly SqlValue[]): Promise<SqlRow[]> {
    return this.sqlite.prepare(text).all([...values]) as SqlRow[];
  }

  async begin(): Promise<void> {
    this.sqlite.exec('BEGIN IMMEDIATE');
  }

  async commit(): Promise<void> {
    this.sqlite.exec('COMMIT');
  }

  async rollback(): Promise<void> {
    this.sqlite.exec('ROLLBACK');
  }

  classify(error: unknown): 'row' | 'locked' | 'other' {
    const code = String((error as { code?: unknown } | null)?.code ?? '');
    const message = error instanceof Error ? error.message : String(error);
    if (/^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG)/.test(code) || /constraint failed/.test(message))
      return 'row';
    return /^SQLITE_(BUSY|LOCKED)/.test(code) || /database (table )?is locked/.test(message) ? 'locked' : 'other';
  }

  async close(): Promise<void> {
    this.sqlite.close();
  }
}
