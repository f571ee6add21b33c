import type { ForeignKeys } from '../apply/foreignKeys.js';
import type { RowApplier } from '../apply/rowApplier.js';
import { atOnce } from '../file/captureTriggers.js';
import { RowRefused, type Database } from '../file/database.js';
import { keyMatches } from '../file/keySql.js';
import { raw, sql, type Sql } from '../file/sql.js';
import type { RowOutcome } from '../host/messages.js';
import { isSame, type TablePlan } from '../plan.js';
import type { Cell } from '../values/cell.js';
import { imageRow, writeImage } from '../values/image.js';
import { AgreedState } from './agreedState.js';
import { serverKeyOf, type QueueTable } from './queueTable.js';
import { nextAttempt, type RetryDelay } from './retryDelay.js';

/**
 * Closes the entries of a batch by central's answer, in one transaction with what the answer says of the rows. An entry that the app changed while its batch was on the way stays open, and what central
 * acknowledged becomes its before-image.
 */
export class Acknowledgement {
  constructor(
    private readonly database: Database,
    private readonly queues: ReadonlyMap<TablePlan, QueueTable>,
    private readonly appliers: ReadonlyMap<TablePlan, RowApplier>,
    private readonly foreignKeys: ForeignKeys,
    private readonly retry: RetryDelay,
  ) {}

  /** Marks an entry as on its way; in the same transaction in which its row is read. One with an open conflict stays one. */
  async claim(table: TablePlan, key: string, batch: string): Promise<void> {
    await this.database.run(sql`UPDATE sync_queue SET status = CASE status WHEN 'CONFLICT' THEN 'CONFLICT' ELSE 'SYNCING' END, batch_id = ${batch}, payload = NULL
      WHERE entity_type = ${table.terminal.name} AND entity_id = ${key}`);
  }

  /** Closes one entry; to be called in an uncaptured write transaction. No outcome says "applied as sent". */
  async apply(batch: string, table: TablePlan, key: string, outcome: RowOutcome | undefined): Promise<void> {
    const entry = sql`entity_type = ${table.terminal.name} AND entity_id = ${key} AND batch_id = ${batch}`;
    const now = new Date();
    switch (outcome?.status ?? 'Applied') {
      case 'Applied':
        return this.applied(entry, table, key, outcome, now.toISOString());
      case 'Failed':
        return this.failed(entry, table, key, outcome!, now);
      case 'Conflict':
        return this.disputed(entry, table, key, outcome!, now.toISOString());
      default:
        return this.settle(entry, table, key, 'PENDING', 0, (outcome!.status === 'Waits' ? 'waits for ' : '') + (outcome!.reason ?? ''), null, now);
    }
  }

  /** Puts a row that was not in the queue into it, because central did not take it: from here on it is tried again like any other. */
  async keep(table: TablePlan, key: string, outcome: RowOutcome): Promise<void> {
    const now = new Date();
    const isFailed = outcome.status === 'Failed';
    const status = isFailed ? 'FAILED' : outcome.status === 'Conflict' ? 'CONFLICT' : 'PENDING';
    const error = outcome.status === 'Waits' ? `waits for ${outcome.reason}` : (outcome.reason ?? null);
    const next = isFailed && outcome.isFinal !== true ? (nextAttempt(this.retry, 1, now)?.toISOString() ?? null) : null;
    await this.database.run(sql`INSERT INTO sync_queue (entity_type, entity_id, action, priority, status, attempts, last_error, next_attempt_at, created_at)
      VALUES (${table.terminal.name}, ${key}, 'INSERT', ${raw(String(table.entry.priority))}, ${status}, ${raw(isFailed ? '1' : '0')}, ${error}, ${next}, ${now.toISOString()})
      ON CONFLICT (entity_type, entity_id) DO UPDATE SET base = NULL, action = CASE action WHEN 'DELETE' THEN 'DELETE' ELSE 'INSERT' END`);
    // A row that waits for a decision is linked all the same, or central's would come down beside it as another row.
    await this.appliers.get(table)!.rows.mark(key, status, outcome.serverKey ?? null, null);
  }

  /** Makes a dead letter of an entry that is not on its way: it is not sent again before somebody asks for it, or the app changes the row. One with an open conflict stays one. */
  async giveUp(table: TablePlan, key: string, reason: string): Promise<void> {
    const entry = sql`entity_type = ${table.terminal.name} AND entity_id = ${key}`;
    await this.database.run(sql`UPDATE sync_queue SET status = CASE status WHEN 'CONFLICT' THEN 'CONFLICT' ELSE 'FAILED' END, attempts = attempts + 1, last_error = ${reason}, next_attempt_at = NULL,
      updated_at = ${new Date().toISOString()} WHERE ${entry}`);
    const row = await this.database.first(sql`SELECT status FROM sync_queue WHERE ${entry}`);
    if (row !== null && row !== undefined)
      await this.appliers.get(table)!.rows.mark(key, String(row['status']), null, null);
  }

  /**
   * Brings a row to what central has, null for gone. Central's answer may be what this till cannot take: a parent that is not here yet, a row that others still refer to. Then its own row stands, and
   * central's is asked for again at every run.
   */
  async takeOver(table: TablePlan, key: string, values: readonly Cell[] | null, serverKey: string | null, now: string): Promise<void> {
    const applier = this.appliers.get(table)!;
    const isThere = (await applier.rows.findByKey(key)) !== null;
    const referring = values === null && isThere ? await this.foreignKeys.watchDelete(table, keyMatches(table, 't', sql`${key}`)) : null;
    let reason: string | null = null;
    await this.database.savepoint('takeover', async () => {
      try {
        await applier.takeOver(key, values, serverKey, now);
        const child = await referring?.();
        if (child != null || (values !== null && (await this.foreignKeys.withoutParent(table, [key])).size > 0))
          reason = 'a foreign key of this terminal does not allow what central has';
      } catch (e) {
        if (!(e instanceof RowRefused))
          throw e;
        reason = e.message;
      }
      return reason === null;
    });
    if (reason !== null)
      await applier.refuse(serverKey ?? key, reason, now);
  }

  private async applied(entry: Sql, table: TablePlan, key: string, outcome: RowOutcome | undefined, now: string): Promise<void> {
    const applier = this.appliers.get(table)!;
    const serverKey = outcome?.serverKey ?? null;
    // What the app changed on the way has what was sent in payload.
    if ((await this.database.run(sql`DELETE FROM sync_queue WHERE ${entry} AND payload IS NULL`)) === 0)
      return this.rebase(entry, table, key, outcome, now);
    if (outcome?.centralDeleted)
      await this.takeOver(table, key, null, serverKey, now);
    else if (outcome?.central)
      await this.takeOver(table, key, outcome.central, serverKey, now);
    else if (outcome?.reread)
      await applier.askAgain(serverKey ?? key, now);
    await applier.markSynced(key, serverKey, now);
  }

  private async failed(entry: Sql, table: TablePlan, key: string, outcome: RowOutcome, now: Date): Promise<void> {
    const row = await this.database.first(sql`SELECT attempts FROM sync_queue WHERE entity_type = ${table.terminal.name} AND entity_id = ${key}`);
    const attempts = Number(row?.['attempts'] ?? 0) + 1;
    const next = outcome.retrySoon && attempts === 1 ? now : nextAttempt(this.retry, attempts, now);
    await this.settle(entry, table, key, 'FAILED', attempts, outcome.reason ?? null, next, now);
  }

  private async settle(entry: Sql, table: TablePlan, key: string, status: string, attempts: number, error: string | null, next: Date | null, now: Date): Promise<void> {
    const settled = await this.database.run(sql`UPDATE sync_queue SET status = ${status}, attempts = ${raw(String(attempts))}, last_error = ${error === '' ? null : error}, next_attempt_at = ${next?.toISOString() ?? null},
      batch_id = NULL, payload = NULL, updated_at = ${now.toISOString()} WHERE ${entry} AND payload IS NULL`);
    if (settled > 0)
      await this.appliers.get(table)!.rows.mark(key, status, null, null);
    else
      await this.database.run(sql`UPDATE sync_queue SET batch_id = NULL, payload = NULL WHERE ${entry}`);
  }

  // The app changed the row while it was on the way: the change stays open, on top of what central acknowledged.
  private async rebase(entry: Sql, table: TablePlan, key: string, outcome: RowOutcome | undefined, now: string): Promise<void> {
    const payload = await this.payload(entry);
    if (payload === null)
      return;
    const reopen = (base: string | null, action: string): Promise<number> =>
      this.database.run(sql`UPDATE sync_queue SET base = ${base}, action = ${action}, status = 'PENDING', next_attempt_at = NULL, last_error = NULL, batch_id = NULL, payload = NULL WHERE ${entry}`);
    if (payload === 'null') {
      // It was a delete that was sent: central has no such row now.
      await reopen(null, 'INSERT');
      return;
    }
    const applier = this.appliers.get(table)!;
    const agreed = new AgreedState(applier, key, imageRow(payload, this.queues.get(table)!.columns));
    if (outcome?.central)
      await agreed.takeOver(outcome.central);
    await reopen(this.image(table, agreed.values, outcome?.serverKey ?? serverKeyOf(table, payload)), (await applier.rows.findByKey(key)) === null ? 'DELETE' : 'UPDATE');
    if (outcome?.serverKey)
      await applier.rows.mark(key, 'PENDING', outcome.serverKey, now);
  }

  // The entry waits for the decision, and only for the fields that are in dispute: the others are agreed on. What was changed on the way is due at once, and joins the conflict.
  private async disputed(entry: Sql, table: TablePlan, key: string, outcome: RowOutcome, now: string): Promise<void> {
    const image = outcome.open && outcome.central ? await this.agreeOnOthers(entry, table, key, outcome.open, outcome.central, outcome.serverKey ?? null) : null;
    const changed = await this.database.run(sql`UPDATE sync_queue SET status = 'CONFLICT', attempts = 0, base = coalesce(${image}, base), last_error = ${outcome.reason ?? null},
      next_attempt_at = CASE WHEN payload IS NULL THEN NULL ELSE ${atOnce} END, batch_id = NULL, payload = NULL, updated_at = ${now} WHERE ${entry}`);
    if (changed > 0)
      await this.appliers.get(table)!.rows.mark(key, 'CONFLICT', outcome.serverKey ?? null, null);
  }

  private async agreeOnOthers(entry: Sql, table: TablePlan, key: string, open: readonly string[], central: readonly Cell[], serverKey: string | null): Promise<string | null> {
    const row = await this.database.first(sql`SELECT base FROM sync_queue WHERE ${entry}`);
    const image = (row?.['base'] as string | null | undefined) ?? null;
    const columns = this.queues.get(table)!.columns;
    const payload = await this.payload(entry);
    const applier = this.appliers.get(table)!;
    const sent = payload === null ? await applier.rows.findByKey(key) : payload === 'null' ? null : imageRow(payload, columns);
    if (image === null || sent === null)
      return null;
    const isOpen = columns.map(c => open.some(o => isSame(o, c)));
    const agreed = new AgreedState(applier, key, sent);
    await agreed.takeOver(central, isOpen);
    const values = imageRow(image, columns).map((v, i) => (isOpen[i] ? v : agreed.values[i]!));
    return this.image(table, values, serverKey ?? serverKeyOf(table, image));
  }

  // The row as it was sent, where the app has changed it since; "null" for a delete.
  private async payload(entry: Sql): Promise<string | null> {
    const row = await this.database.first(sql`SELECT payload FROM sync_queue WHERE ${entry}`);
    return (row?.['payload'] as string | null | undefined) ?? null;
  }

  private image(table: TablePlan, values: readonly Cell[], serverKey: string | null): string {
    const columns = this.queues.get(table)!.columns;
    return serverKey === null || table.serverIdColumn === undefined ? writeImage(columns, values) : writeImage([...columns, table.serverIdColumn], [...values, serverKey]);
  }
}
