import type { SqliteDriver, SqlRow } from '../file/driver.js';
import type { SqlValue } from '../file/sql.js';

/** What the client needs of `SQLiteDBConnection` of `@capacitor-community/sqlite`, version 6 or later. */
export interface CapacitorConnection {
  run(statement: string, values?: unknown[], transaction?: boolean, returnMode?: string, isSQL92?: boolean): Promise<{ changes?: { changes?: number } }>;
  query(statement: string, values?: unknown[], isSQL92?: boolean): Promise<{ values?: unknown[] }>;
  execute(statements: string, transaction?: boolean, isSQL92?: boolean): Promise<unknown>;
  beginTransaction(): Promise<unknown>;
  commitTransaction(): Promise<unknown>;
  rollbackTransaction(): Promise<unknown>;
  close(): Promise<void>;
}

/** A database of the Capacitor plugin, opened for reading and writing. */
export class CapacitorDriver implements SqliteDriver {
  /**
   * @param name what messages call it, such as the database's name.
   * @param connection an open connection.
   * @param device what tells this device from every other one, such as `(await Device.getId()).identifier`: a copy of the file on another device is recognised by it.
   */
  constructor(readonly name: string, private readonly connection: CapacitorConnection, private readonly device: string) {}

  get fingerprint(): string {
    return `${this.device}:${this.name}`;
  }

  async run(text: string, values: readonly SqlValue[]): Promise<number> {
    // Without parameters the plugin's `run` would look for a statement of its own kind; `execute` takes every one, but counts what the whole connection changed.
    if (!/^\s*(INSERT|UPDATE|DELETE)\b/i.test(text)) {
      await this.connection.execute(text, false);
      return 0;
    }
    return (await this.connection.run(text, [...values], false)).changes?.changes ?? 0;
  }

  async query(text: string, values: readonly SqlValue[]): Promise<SqlRow[]> {
    const rows = (await this.connection.query(text, [...values])).values ?? [];
    // On iOS the first row names the columns.
    return rows.filter(r => !(r !== null && typeof r === 'object' && 'ios_columns' in r)) as SqlRow[];
  }

  async begin(): Promise<void> {
    await this.connection.beginTransaction();
  }

  async commit(): Promise<void> {
    await this.connection.commitTransaction();
  }

  async rollback(): Promise<void> {
    await this.connection.rollbackTransaction();
  }

  // The plugin hands on SQLite's words alone.
  classify(error: unknown): 'row' | 'locked' | 'other' {
    const message = error instanceof Error ? error.message : String(error);
    if (/constraint failed|SQLITE_CONSTRAINT|code (18|19|20|\d+ SQLITE_CONSTRAINT\w*)\b|datatype mismatch/i.test(message))
      return 'row';
    return /database (table )?is locked|SQLITE_BUSY|SQLITE_LOCKED/i.test(message) ? 'locked' : 'other';
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
