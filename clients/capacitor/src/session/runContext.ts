import { ForeignKeys } from '../apply/foreignKeys.js';
import { Journal } from '../apply/journal.js';
import { newTally, PageWriter, type Tally } from '../apply/pageWriter.js';
import { RowApplier } from '../apply/rowApplier.js';
import type { FileIdentity, TableState, TillFile } from '../file/tillFile.js';
import type { HostCentral, Welcome } from '../host/hostCentral.js';
import type { SectionResult, TableProgress } from '../host/messages.js';
import { findTable, type SyncPlan, type TablePlan } from '../plan.js';
import { Acknowledgement } from '../queue/acknowledgement.js';
import { QueueTable } from '../queue/queueTable.js';
import { usualRetry, type RetryDelay } from '../queue/retryDelay.js';
import type { Identity } from './identityCheck.js';
import { newUuid } from '../values/uuid.js';

export interface SyncOptions {
  /** Rows of a batch on its way up. */
  batchSize: number;
  /** Rows asked for at once at a first load. */
  rowsPerPiece: number;
  retry: RetryDelay;
  /** How often a run that meets a passing trouble begins again, and the first pause before that in milliseconds; it doubles. */
  attempts: number;
  pause: number;
  /** How long what a run wrote can be taken back. */
  journalDays: number;
  journalEntries: number;
  /** The file was moved or restored on purpose. */
  acceptMoved: boolean;
  /** How many seconds pass at most until the till syncs again by itself; the host notices its silence by it. */
  intervalSeconds?: number;
  /** Called at each step of a run; may throw, as a process dies. For tests. */
  step?: (name: string) => void | Promise<void>;
}

export const usualOptions: SyncOptions = { batchSize: 1_000, rowsPerPiece: 2_000, retry: usualRetry, attempts: 5, pause: 500, journalDays: 7, journalEntries: 100_000, acceptMoved: false };

/** The readers and writers of all tables for one plan. */
export class TillTools {
  readonly journal: Journal;
  readonly queues: ReadonlyMap<TablePlan, QueueTable>;
  readonly appliers: ReadonlyMap<TablePlan, RowApplier>;
  readonly acknowledgement: Acknowledgement;
  readonly pages: PageWriter;

  constructor(file: TillFile, readonly plan: SyncPlan, options: SyncOptions) {
    const database = file.database;
    const foreignKeys = new ForeignKeys(database, plan.tables);
    this.journal = new Journal(database);
    this.queues = new Map(plan.tables.map(t => [t, new QueueTable(database, plan, t)]));
    this.appliers = new Map(plan.tables.map(t => [t, new RowApplier(database, plan, t, this.journal, foreignKeys)]));
    this.acknowledgement = new Acknowledgement(database, this.queues, this.appliers, foreignKeys, options.retry);
    this.pages = new PageWriter(database, plan, this.appliers, this.journal, foreignKeys);
  }
}

/** What all phases of one run share. */
export class RunContext {
  readonly warnings: string[] = [];
  /** Checkpoints as they stand in the file. */
  tables: Map<string, TableState> = new Map();
  /** The log still has something that this till did before it was restored, and that cannot be read yet. */
  isHeldBack = false;
  private readonly progress = new Map<string, TableProgress>();
  private isAdvanced = false;

  constructor(
    readonly file: TillFile,
    readonly central: HostCentral,
    readonly welcome: Welcome,
    readonly state: FileIdentity,
    readonly tools: TillTools,
    readonly identity: Identity,
    readonly options: SyncOptions,
    readonly runId: string,
    readonly startedAt: Date,
  ) {
    tools.journal.begin(runId);
  }

  get plan(): SyncPlan {
    return this.welcome.plan;
  }

  get database(): TillFile['database'] {
    return this.file.database;
  }

  /** The file is catching up after it was restored from a backup, in this run or since an earlier one that did not come to its end. */
  get isRestored(): boolean {
    return this.identity === 'restored-terminal' || this.state.restored === 'terminal';
  }

  /** The same of central: its rows and checkpoints are compared anew. */
  get isCentralRestored(): boolean {
    return this.identity === 'restored-central' || this.state.restored === 'central';
  }

  get done(): TableProgress[] {
    return [...this.progress.values()];
  }

  now(): string {
    return new Date().toISOString();
  }

  async step(name: string): Promise<void> {
    await this.options.step?.(name);
  }

  table(name: string): TablePlan | undefined {
    return findTable(this.plan, name);
  }

  stateOf(table: TablePlan): TableState | undefined {
    return this.tables.get(table.terminal.name);
  }

  /** Writes a table's checkpoint, in the caller's transaction. */
  async save(state: TableState): Promise<void> {
    this.tables.set(state.name, state);
    await this.file.writeTable(state);
  }

  of(table: TablePlan, direction: 'Push' | 'Pull'): TableProgress {
    const id = `${direction} ${table.terminal.name}`;
    let known = this.progress.get(id);
    if (known === undefined) {
      known = { table: table.terminal.name, direction, read: 0, inserted: 0, updated: 0, deleted: 0, unchanged: 0, conflicts: 0, failed: 0, waiting: 0, skipped: 0, duration: '00:00:00' };
      this.progress.set(id, known);
    }
    return known;
  }

  /** Adds what central made of an uploaded section. */
  countSent(section: SectionResult): void {
    const table = this.table(section.table);
    if (table === undefined)
      return;
    const p = this.of(table, 'Pull');
    p.read += section.rows;
    for (const field of ['inserted', 'updated', 'deleted', 'unchanged', 'conflicts', 'failed', 'waiting', 'skipped'] as const)
      p[field] += section[field] ?? 0;
    p.checkpointTo = this.now();
  }

  /** Adds what the till made of a page. */
  countWritten(table: TablePlan, tally: Tally): void {
    const p = this.of(table, 'Push');
    p.inserted += tally.inserted;
    p.updated += tally.updated;
    p.deleted += tally.deleted;
    p.unchanged += tally.unchanged;
    p.waiting += tally.busy;
    p.failed += tally.refused;
  }

  /** Adds what the till made of one decision. */
  countDecision(table: TablePlan, outcome: 'unchanged' | 'updated' | 'deleted'): void {
    this.of(table, 'Push').read++;
    this.countWritten(table, { ...newTally(), [outcome]: 1 });
  }

  /** Counts the run on both sides, before it changes anything anywhere: the till announces it, central takes it, the till confirms it. Runs that move nothing are not counted. */
  async ensureAdvanced(): Promise<void> {
    if (this.isAdvanced)
      return;
    const next = Math.max(this.state.counter, this.welcome.counter) + 1;
    const nonce = newUuid();
    await this.database.write(async () => {
      // From the next step on the counters agree again: that there is something to catch up with must not be forgotten with them.
      if (this.identity === 'restored-terminal')
        await this.file.writeRestored('terminal');
      await this.file.announceAdvance(next, nonce);
    });
    await this.step('advance-announced');
    await this.central.advance(this.welcome.counter, next, nonce);
    await this.step('advance-central');
    await this.database.write(() => this.file.confirmAdvance(next, nonce));
    await this.step('advance-confirmed');
    this.isAdvanced = true;
  }
}
