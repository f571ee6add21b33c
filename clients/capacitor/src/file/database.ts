import { SyncError } from '../syncError.js';
import { ofTagged } from '../values/image.js';
import type { Cell } from '../values/cell.js';
import type { SqliteDriver, SqlRow } from './driver.js';
import { cellExpression, raw, Sql } from './sql.js';

/** The till refuses one row: a constraint, a trigger of the app, a type of a STRICT table. The statement was undone; the transaction goes on. */
export class RowRefused extends Error {}

/** A query's columns that are read without loss, 45 to a piece: older SQLite takes 100 arguments. */
const columnsPerPiece = 45;

/** What runs inside a transaction. */
export interface Transaction {
  run(statement: Sql): Promise<number>;
  all(statement: Sql): Promise<SqlRow[]>;
}

/**
 * The till's file. Everything that writes takes its turn here: on a device the app and the client share one connection, and what the app wrote in the middle of one of the client's transactions would be neither captured nor kept.
 */
export class Database implements Transaction {
  private turn: Promise<unknown> = Promise.resolve();
  private isWriting = false;

  constructor(readonly driver: SqliteDriver) {}

  static async open(driver: SqliteDriver): Promise<Database> {
    const database = new Database(driver);
    // Rows that come down are checked even where the app itself does not ask for it.
    for (const pragma of ['foreign_keys = ON', 'recursive_triggers = OFF'])
      await database.all(raw(`PRAGMA ${pragma}`));
    return database;
  }

  async run(statement: Sql): Promise<number> {
    return this.guard(() => this.driver.run(statement.text, statement.values));
  }

  async all(statement: Sql): Promise<SqlRow[]> {
    return this.guard(() => this.driver.query(statement.text, statement.values));
  }

  async first(statement: Sql): Promise<SqlRow | null> {
    return (await this.all(statement))[0] ?? null;
  }

  async exists(statement: Sql): Promise<boolean> {
    return (await this.all(statement)).length > 0;
  }

  /** A count, or another number below 2^53. */
  async count(statement: Sql): Promise<number> {
    return Number((await this.first(statement))?.['n'] ?? 0);
  }

  /** Runs work in a write transaction of its own. The app writes by it too, and so does everything that the client writes. */
  async write<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const mine = this.turn.then(() => this.transact(work));
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  /** As `write`, with the capture triggers silent: for what the client itself writes. */
  async writeUncaptured<T>(work: () => Promise<T>): Promise<T> {
    return this.write(async () => {
      await this.run(raw('UPDATE payflow_state SET applying = 1'));
      const result = await work();
      await this.run(raw('UPDATE payflow_state SET applying = 0'));
      return result;
    });
  }

  /** Undoes what the work did when it throws or says no; the transaction goes on. */
  async savepoint(name: string, work: () => Promise<boolean>): Promise<boolean> {
    await this.run(raw(`SAVEPOINT ${name}`));
    let fits = false;
    try {
      fits = await work();
    } finally {
      if (!fits)
        await this.run(raw(`ROLLBACK TO ${name}`));
      await this.run(raw(`RELEASE ${name}`));
    }
    return fits;
  }

  /** Rows of a table, their columns without loss. `prefix` are further columns of the query, `tail` all from FROM on; `t` is the table. */
  async rows(prefix: Sql, columns: readonly string[], tail: Sql): Promise<{ row: SqlRow; cells: Cell[] }[]> {
    const pieces: string[] = [];
    for (let i = 0; i < columns.length; i += columnsPerPiece)
      pieces.push(`json_array(${columns.slice(i, i + columnsPerPiece).map(cellExpression).join(', ')}) AS j${i}`);
    const select = new Sql(`SELECT ${[prefix.text, ...pieces].filter(p => p !== '').join(', ')} ${tail.text}`, [...prefix.values, ...tail.values]);
    const found = (await this.all(select)).map(row => ({ row, tags: pieces.flatMap((_, i) => JSON.parse(String(row[`j${i * columnsPerPiece}`])) as unknown[]) }));
    const far = columns.filter((_, i) => found.some(f => f.tags[i] === 'R'));
    const plain = far.length === 0 ? [] : await this.all(new Sql(`SELECT ${far.map((c, i) => `${c} AS r${i}`).join(', ')} ${tail.text}`, tail.values));
    return found.map(({ row, tags }, at) => ({ row, cells: tags.map((tag, i) => (tag === 'R' ? Number(plain[at]![`r${far.indexOf(columns[i]!)}`]) : ofTagged(tag))) }));
  }

  private async transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    if (this.isWriting)
      throw new Error('A write transaction inside of another one.');
    await this.guard(() => this.driver.begin());
    this.isWriting = true;
    try {
      const result = await work(this);
      await this.guard(() => this.driver.commit());
      return result;
    } catch (e) {
      // SQLite itself rolls back on some errors; then there is nothing left to do, and the first error is the one to tell.
      await this.driver.rollback().catch(() => undefined);
      throw e;
    } finally {
      this.isWriting = false;
    }
  }

  private async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (e) {
      throw this.translate(e);
    }
  }

  private translate(e: unknown): Error {
    const message = e instanceof Error ? e.message : String(e);
    switch (this.driver.classify(e)) {
      case 'row':
        return new RowRefused(message, { cause: e });
      case 'locked':
        return new SyncError('TerminalUnavailable', `${this.driver.name} is locked by another program`, 'It is tried again by itself; if it stays locked, look for a transaction that the app holds open.', { isTransient: true, cause: e });
      default:
        return new SyncError('TerminalUnavailable', `${this.driver.name}: ${message}`, 'Check that the file is there, that it may be written, and that the disk has room; what was not sent is kept.', { cause: e });
    }
  }
}
