import type { Database } from '../file/database.js';
import { cellSql, raw, sql } from '../file/sql.js';
import { bytesOfHex } from '../values/cell.js';

const rowsPerChunk = 1_000;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const entriesPerTransaction = 5_000;

interface Inserted {
  table: string;
  key: string;
  hash: bigint;
}

/**
 * Notes everything that a run writes into the till's rows, in the transaction that writes it, so that the run can be taken back: changed and deleted rows with their images at once; inserted ones by key
 * and hash, many in one entry, when their page ends. The form is the .NET engine's, whose rollback reads it.
 */
export class Journal {
  private inserts: Inserted[] = [];
  private run = '';

  constructor(private readonly database: Database) {}

  begin(run: string): void {
    this.run = run;
    this.inserts = [];
  }

  /** Forgets inserts that were noted in a transaction that came to nothing. */
  discard(): void {
    this.inserts = [];
  }

  inserted(table: string, serverKey: string, hash: bigint): void {
    this.inserts.push({ table, key: serverKey, hash });
  }

  /** Notes a row that was changed, by its own key; null for an image of a row that is not there. */
  async changed(table: string, key: string, before: string | null, after: string | null): Promise<void> {
    const op = before === null ? 'I' : after === null ? 'D' : 'U';
    await this.database.run(sql`INSERT INTO payflow_journal (run_id, table_name, op, at, key, before, after) VALUES (${this.run}, ${table}, ${op}, ${new Date().toISOString()}, ${key}, ${before}, ${after})`);
  }

  /** The place to which `returnTo` goes back when a savepoint is rolled back. */
  mark(): number {
    return this.inserts.length;
  }

  returnTo(mark: number): void {
    this.inserts.length = mark;
  }

  /** Writes what was inserted; at the end of a page, in its transaction. */
  async flush(): Promise<void> {
    for (let i = 0; i < this.inserts.length;) {
      const table = this.inserts[i]!.table;
      const chunk: Inserted[] = [];
      for (; i < this.inserts.length && this.inserts[i]!.table === table && chunk.length < rowsPerChunk; i++)
        chunk.push(this.inserts[i]!);
      await this.database.run(sql`INSERT INTO payflow_journal (run_id, table_name, op, at, keys) VALUES (${this.run}, ${table}, 'I', ${new Date().toISOString()}, ${cellSql(packed(chunk))})`);
    }
    this.inserts = [];
  }

  /** Removes old runs' journals, the oldest first. A mark P stands for a run of which a part is gone, so that half a run is never taken back. */
  async prune(days: number, entries: number): Promise<void> {
    const since = new Date(Date.now() - days * 86_400_000).toISOString();
    for (let i = 0; i < 4; i++) {
      const oldest = await this.database.first(raw('SELECT run_id AS run, at, (SELECT max(seq) FROM payflow_journal) - seq + 1 AS n FROM payflow_journal ORDER BY seq LIMIT 1'));
      if (oldest === null || oldest['run'] === this.run || (String(oldest['at']) >= since && Number(oldest['n']) <= entries))
        return;
      await this.database.write(() => this.remove(String(oldest['run']), String(oldest['at'])));
    }
  }

  private async remove(run: string, at: string): Promise<void> {
    const removed = await this.database.run(sql`DELETE FROM payflow_journal WHERE seq IN (SELECT seq FROM payflow_journal WHERE run_id = ${run} AND op <> 'P' ORDER BY seq LIMIT ${raw(String(entriesPerTransaction))})`);
    await this.database.run(sql`DELETE FROM payflow_journal WHERE run_id = ${run} AND op = 'P'`);
    // In front of the run's other entries, so that it stays the oldest.
    if (removed === entriesPerTransaction)
      await this.database.run(sql`INSERT INTO payflow_journal (seq, run_id, table_name, op, at) SELECT min(seq) - 1, ${run}, '', 'P', ${at} FROM payflow_journal`);
  }
}

// Each row's key (its length, its UTF-8) and eight bytes of hash; a uuid has the length -1 and sixteen bytes.
function packed(rows: readonly Inserted[]): Uint8Array {
  const parts = rows.map(r => ({ key: uuid.test(r.key) ? bytesOfHex(r.key.replaceAll('-', '')) : new TextEncoder().encode(r.key), isUuid: uuid.test(r.key), hash: r.hash }));
  const bytes = new Uint8Array(parts.reduce((n, p) => n + 12 + p.key.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of parts) {
    view.setInt32(at, part.isUuid ? -1 : part.key.length, true);
    bytes.set(part.key, at + 4);
    view.setBigUint64(at + 4 + part.key.length, part.hash, true);
    at += 12 + part.key.length;
  }
  return bytes;
}
