import type { SqlValue } from './sql.js';

export type SqlRow = Record<string, SqlValue>;

/** One open SQLite database: what the client needs of a driver, and nothing more. Parameters are plain `?`. */
export interface SqliteDriver {
  /** What a message calls the file. */
  readonly name: string;

  /** On which device the file lies and where: by this a restored file is told from a copied one. Two devices must never share it. */
  readonly fingerprint: string;

  /** Runs one statement; gives the rows that it changed. */
  run(text: string, values: readonly SqlValue[]): Promise<number>;

  query(text: string, values: readonly SqlValue[]): Promise<SqlRow[]>;

  /** Begins a transaction that may write at once (BEGIN IMMEDIATE). */
  begin(): Promise<void>;

  commit(): Promise<void>;

  rollback(): Promise<void>;

  /** What a failed statement means: the row was refused (a constraint, a type, a trigger that raises), the file is locked by somebody else, or something else. */
  classify(error: unknown): 'row' | 'locked' | 'other';

  close(): Promise<void>;
}
