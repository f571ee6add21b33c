import { goesUp, type SyncPlan, type TablePlan } from '../plan.js';
import { SyncError } from '../syncError.js';
import { hasBookkeeping } from './bookkeepingTables.js';
import { captureTriggers } from './captureTriggers.js';
import type { Database } from './database.js';
import { parsePosition, type LogPosition } from './position.js';
import { integer, quote, raw, sql } from './sql.js';

/** What the file remembers of whose it is. */
export interface FileIdentity {
  terminal: string;
  centralId: string;
  lineage: string;
  counter: number;
  nonce: string | null;
  pendingCounter: number | null;
  pendingNonce: string | null;
  restored: 'terminal' | 'central' | null;
}

export type LoadState = 'waiting' | 'loadingempty' | 'loading' | 'reloading' | 'sweeping' | 'done';

/** How far one table has got; a row of `payflow_tables`. */
export interface TableState {
  name: string;
  /** 'waiting': rows from before the capture wait to be compared; 'resend': they are sent again to a central that was restored. */
  boot: 'done' | 'waiting' | 'resend';
  bootKey: string | null;
  load: LoadState;
  loadKey: string | null;
  position: LogPosition;
  shape: string | null;
}

/** A row of the till's own `sync_log`. */
export interface LoggedRun {
  id: string;
  syncType: string;
  direction: string;
  records: number;
  startedAt: Date;
  completedAt: Date;
  status: string;
  error: string | null;
}

/** The till's file with PayFlow's bookkeeping. Every method is one statement or part of the caller's transaction. */
export class TillFile {
  constructor(readonly database: Database) {}

  isAttached(): Promise<boolean> {
    return hasBookkeeping(this.database);
  }

  /** Null for a file that was never attached. */
  async identity(): Promise<FileIdentity | null> {
    if (!(await this.isAttached()))
      return null;
    const row = await this.database.first(raw('SELECT terminal_id, central_id, lineage, counter, nonce, pending_counter, pending_nonce, restored FROM payflow_state'));
    if (row === null)
      return null;
    const text = (column: string): string | null => (row[column] === null ? null : String(row[column]));
    return {
      terminal: text('terminal_id')!,
      centralId: text('central_id')!,
      lineage: text('lineage')!,
      counter: Number(row['counter']),
      nonce: text('nonce'),
      pendingCounter: row['pending_counter'] === null ? null : Number(row['pending_counter']),
      pendingNonce: text('pending_nonce'),
      restored: text('restored') as FileIdentity['restored'],
    };
  }

  async announceAdvance(counter: number, nonce: string): Promise<void> {
    await this.database.run(sql`UPDATE payflow_state SET pending_counter = ${integer(counter)}, pending_nonce = ${nonce}`);
  }

  async confirmAdvance(counter: number, nonce: string): Promise<void> {
    await this.database.run(sql`UPDATE payflow_state SET counter = ${integer(counter)}, nonce = ${nonce}, pending_counter = NULL, pending_nonce = NULL`);
  }

  /** Remembers which side was restored, until null says that it has been caught up with. */
  async writeRestored(side: 'terminal' | 'central' | null): Promise<void> {
    await this.database.run(sql`UPDATE payflow_state SET restored = ${side}`);
  }

  async tables(): Promise<Map<string, TableState>> {
    const rows = await this.database.all(raw(`SELECT name, boot_state, boot_key, load_state, load_key, shape, log_generation || '/' || log_xid || '/' || log_id AS place FROM payflow_tables`));
    return new Map(rows.map(r => [String(r['name']), {
      name: String(r['name']),
      boot: String(r['boot_state']) as TableState['boot'],
      bootKey: r['boot_key'] as string | null,
      load: String(r['load_state']) as LoadState,
      loadKey: r['load_key'] as string | null,
      position: parsePosition(String(r['place'])),
      shape: r['shape'] as string | null,
    }]));
  }

  async writeTable(t: TableState): Promise<void> {
    const place = sql`${integer(t.position.generation)}, ${integer(t.position.transaction)}, ${integer(t.position.entry)}`;
    await this.database.run(sql`INSERT INTO payflow_tables (name, boot_state, boot_key, load_state, load_key, shape, log_generation, log_xid, log_id)
      VALUES (${t.name}, ${t.boot}, ${t.bootKey}, ${t.load}, ${t.loadKey}, ${t.shape}, ${place})
      ON CONFLICT (name) DO UPDATE SET boot_state = excluded.boot_state, boot_key = excluded.boot_key, load_state = excluded.load_state, load_key = excluded.load_key, shape = excluded.shape,
        log_generation = excluded.log_generation, log_xid = excluded.log_xid, log_id = excluded.log_id`);
  }

  async countRows(table: string): Promise<number> {
    return this.database.count(raw(`SELECT count(*) AS n FROM ${quote(table)}`));
  }

  async hasRows(table: string): Promise<boolean> {
    return this.database.exists(raw(`SELECT 1 AS n FROM ${quote(table)} LIMIT 1`));
  }

  /** Whether a table has neither rows nor open entries: the app may just have deleted them, and central does not know it yet. */
  async isUntouched(table: string): Promise<boolean> {
    return !(await this.database.exists(sql`SELECT 1 AS n FROM ${raw(quote(table))} UNION ALL SELECT 1 FROM sync_queue WHERE entity_type = ${table} LIMIT 1`));
  }

  /** Lets an AUTOINCREMENT table count on from the till's own block, unless it is past its beginning already. */
  async beginKeyBlock(table: string, first: number): Promise<void> {
    if (await this.database.run(sql`UPDATE sqlite_sequence SET seq = max(seq, ${integer(first)}) WHERE name = ${table}`) === 0)
      await this.database.run(sql`INSERT INTO sqlite_sequence (name, seq) VALUES (${table}, ${integer(first)})`);
  }

  /** Entries of the queue by status. */
  async countQueue(): Promise<Record<string, number>> {
    const rows = await this.database.all(raw('SELECT status, count(*) AS n FROM sync_queue GROUP BY status'));
    return Object.fromEntries(rows.map(r => [String(r['status']), Number(r['n'])]));
  }

  /** Entries that wait, by priority: 1 is sales. */
  async countByPriority(): Promise<Record<string, number>> {
    const rows = await this.database.all(raw(`SELECT coalesce(priority, 3) AS p, count(*) AS n FROM sync_queue GROUP BY 1 ORDER BY 1`));
    return Object.fromEntries(rows.map(r => [String(r['p']), Number(r['n'])]));
  }

  /** The rows that wait for a decision in central; those that are on their way are none of them. */
  async conflicts(): Promise<{ table: string; key: string }[]> {
    const rows = await this.database.all(raw(`SELECT entity_type AS t, entity_id AS k FROM sync_queue WHERE status = 'CONFLICT' AND batch_id IS NULL ORDER BY entity_type, entity_id`));
    return rows.map(r => ({ table: String(r['t']), key: String(r['k']) }));
  }

  async countAside(): Promise<number> {
    return this.database.count(raw('SELECT count(*) AS n FROM payflow_aside WHERE attempts > 0'));
  }

  async schemaVersion(): Promise<number> {
    return Number((await this.database.first(raw('PRAGMA schema_version')))!['schema_version']);
  }

  /** Makes the capture triggers what the plan wants, in a write transaction of the caller's; gives the tables whose triggers had gone although the table was attached. */
  async ensureTriggers(plan: SyncPlan): Promise<string[]> {
    const present = await this.triggers();
    const known = await this.tables();
    const gaps: string[] = [];
    for (const table of plan.tables.filter(isCaptured)) {
      const wanted = captureTriggers(table);
      if (known.has(table.terminal.name) && ![...wanted.keys()].some(name => present.has(name)))
        gaps.push(table.terminal.name);
      for (const [name, statement] of wanted) {
        const current = present.get(name);
        present.delete(name);
        if (current === statement)
          continue;
        await this.database.run(raw(`DROP TRIGGER IF EXISTS ${quote(name)}`));
        await this.database.run(raw(statement));
      }
    }
    for (const stale of present.keys())
      await this.database.run(raw(`DROP TRIGGER ${quote(stale)}`));
    return gaps;
  }

  async triggersFit(plan: SyncPlan): Promise<boolean> {
    const present = await this.triggers();
    const wanted = plan.tables.filter(isCaptured).flatMap(t => [...captureTriggers(t)]);
    return wanted.length === present.size && wanted.every(([name, statement]) => present.get(name) === statement);
  }

  async writeLog(run: LoggedRun): Promise<void> {
    await this.database.run(sql`INSERT INTO sync_log (id, sync_type, direction, records_count, started_at, completed_at, status, error_message)
      VALUES (${run.id}, ${run.syncType}, ${run.direction}, ${integer(run.records)}, ${run.startedAt.toISOString()}, ${run.completedAt.toISOString()}, ${run.status}, ${run.error})
      ON CONFLICT (id) DO UPDATE SET records_count = excluded.records_count, completed_at = excluded.completed_at, status = excluded.status, error_message = excluded.error_message`);
  }

  private async triggers(): Promise<Map<string, string>> {
    const rows = await this.database.all(raw(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'payflow\\_%' ESCAPE '\\'`));
    return new Map(rows.map(r => [String(r['name']), String(r['sql'])]));
  }
}

function isCaptured(table: TablePlan): boolean {
  if (goesUp(table) && table.entry.terminalCapture === 'Timestamp')
    throw new SyncError('InvalidConfiguration', `${table.terminal.name} is to be captured by timestamp in the till, which this client does not do`, 'Choose "terminalCapture": "trigger" for it in the table map.', { table: table.terminal.name });
  return goesUp(table);
}
