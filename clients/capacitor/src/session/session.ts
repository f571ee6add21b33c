import { createBookkeeping } from '../file/bookkeepingTables.js';
import { RowRefused, type Database } from '../file/database.js';
import { quote, raw, sql } from '../file/sql.js';
import { readSchema } from '../file/schemaReader.js';
import { TillFile, type FileIdentity } from '../file/tillFile.js';
import type { HostCentral, Welcome } from '../host/hostCentral.js';
import type { RunReport, RunStatus } from '../host/messages.js';
import { comesDown, goesUp, isLinked, type SyncPlan, type TableSchema } from '../plan.js';
import { comparePositions, positionText } from '../file/position.js';
import { SyncError } from '../syncError.js';
import { ComparePhase } from './comparePhase.js';
import { DecisionDelivery } from './decisionDelivery.js';
import { DownloadPhase } from './downloadPhase.js';
import { judge, requireSameCentral } from './identityCheck.js';
import { RunContext, TillTools, type SyncOptions } from './runContext.js';
import { newTableState, prepareTables, requireSupported } from './tableStates.js';
import { UploadPhase } from './uploadPhase.js';
import { newUuid } from '../values/uuid.js';

/** Syncs one file with one host. A run that is killed anywhere leaves both sides consistent, and the next one converges. */
export class Session {
  readonly file: TillFile;
  private tools: TillTools | null = null;
  private schema: { version: number; tables: TableSchema[] } | null = null;

  constructor(database: Database, private readonly central: HostCentral, private readonly terminal: string, private readonly options: SyncOptions) {
    this.file = new TillFile(database);
  }

  /** Does what is to be done now, once: attaches the file if it is not, compares its old rows if they wait, and syncs. */
  async runOnce(): Promise<RunReport> {
    const state = await this.file.identity();
    if (state !== null && state.terminal !== this.terminal)
      throw new SyncError('IdentityMismatch', `${this.name} is attached as terminal ${state.terminal} already`, 'Register this file with a code for that terminal, or begin with a new file.', { terminal: state.terminal });
    if (state === null)
      await this.attach();
    if ([...(await this.file.tables()).values()].some(t => t.boot !== 'done'))
      await this.sync('bootstrap');
    return this.sync('agent');
  }

  private get name(): string {
    return this.file.database.driver.name;
  }

  private async open(syncType: string, runId: string): Promise<Welcome> {
    const version = await this.file.schemaVersion();
    if (this.schema?.version !== version)
      this.schema = { version, tables: await readSchema(this.file.database) };
    const { intervalSeconds } = this.options;
    return this.central.open({ terminal: this.terminal, runId, syncType, direction: 'Both', fingerprint: this.file.database.driver.fingerprint, ...(intervalSeconds === undefined ? {} : { intervalSeconds }) }, this.schema.tables);
  }

  // Makes the file a terminal: bookkeeping tables and capture, in one transaction of the file.
  private async attach(): Promise<void> {
    const [runId, startedAt] = [newUuid(), new Date()];
    const welcome = await this.open('attach', runId);
    try {
      if (welcome.counter > 0)
        throw new SyncError('IdentityMismatch', `Terminal ${this.terminal} has synced from another file, and ${this.name} knows nothing of it`, "Put the till's own file back; or, if this one is to take its place, register it with a new code.", { terminal: this.terminal });
      const tables = welcome.plan.tables.filter(t => goesUp(t) || comesDown(t));
      if (tables.length === 0)
        throw new SyncError('SchemaMismatch', `${this.name} and central have no table that can be synced`, welcome.plan.warnings.join(' ') || 'Create the missing tables, or give a table map.');
      requireSupported(tables);
      const position = await this.central.position();
      await this.file.database.write(async () => {
        await this.install(welcome);
        for (const table of tables)
          await this.file.writeTable(await newTableState(table, this.file, position));
      });
      await this.central.close(this.report(runId, startedAt, 'Synced', { queue: await this.file.countQueue() }));
    } catch (e) {
      await this.closeFailed(runId, startedAt, e);
      throw e;
    }
  }

  private async install(welcome: Welcome): Promise<void> {
    const database = this.file.database;
    await createBookkeeping(database);
    for (const table of ['sync_queue', 'payflow_state', 'payflow_tables', 'payflow_aside', 'payflow_echo', 'payflow_journal'])
      await database.run(raw(`DELETE FROM ${table}`));
    await database.run(sql`INSERT INTO payflow_state (id, terminal_id, central_id, lineage, attached_at) VALUES (1, ${this.terminal}, ${welcome.centralId}, ${welcome.lineage}, ${new Date().toISOString()})`);
    await this.file.ensureTriggers(welcome.plan);
    for (const table of welcome.plan.tables.filter(t => t.entry.keyBlock !== undefined))
      await this.file.beginKeyBlock(table.terminal.name, table.entry.keyBlock! * welcome.number);
    await this.ensureIndexes(welcome.plan);
  }

  // Rows that come down are found by server_id.
  private async ensureIndexes(plan: SyncPlan): Promise<void> {
    for (const table of plan.tables.filter(t => isLinked(t) && !t.terminal.indexes.some(i => i.isPlain && i.columns[0] === t.serverIdColumn)))
      await this.file.database.run(raw(`CREATE INDEX IF NOT EXISTS ${quote(`payflow_${table.terminal.name}_server_id`)} ON ${quote(table.terminal.name)} (${quote(table.serverIdColumn!)})`));
  }

  private async sync(syncType: 'bootstrap' | 'agent'): Promise<RunReport> {
    const [runId, startedAt] = [newUuid(), new Date()];
    const state = (await this.file.identity())!;
    const welcome = await this.open(syncType, runId);
    let run: RunContext | null = null;
    try {
      run = await this.begin(state, welcome, runId, startedAt);
      await this.phases(run, syncType === 'bootstrap');
      return await this.end(run, syncType, undefined);
    } catch (e) {
      await this.fail(run, syncType, runId, startedAt, e);
      throw e;
    }
  }

  private async begin(state: FileIdentity, welcome: Welcome, runId: string, startedAt: Date): Promise<RunContext> {
    requireSameCentral(state, welcome, this.name);
    const identity = judge(state, welcome, this.name, this.file.database.driver.fingerprint, this.options.acceptMoved);
    requireSupported(welcome.plan.tables);
    const gaps = (await this.file.triggersFit(welcome.plan)) ? [] : await this.file.database.write(() => this.file.ensureTriggers(welcome.plan));
    if (this.tools?.plan !== welcome.plan)
      this.tools = new TillTools(this.file, welcome.plan, this.options);
    const run = new RunContext(this.file, this.central, welcome, state, this.tools, identity, this.options, runId, startedAt);
    await prepareTables(run, gaps);
    return run;
  }

  private async phases(run: RunContext, isBootstrap: boolean): Promise<void> {
    const upload = new UploadPhase(run);
    await upload.recover();
    await new DecisionDelivery(run).runAll();
    await new ComparePhase(run, upload).runAll(isBootstrap);
    if (isBootstrap)
      return;
    // Sales go first: nothing that comes down delays them.
    await upload.runAll();
    await new DownloadPhase(run).runAll();
    if ((run.isRestored || run.isCentralRestored) && !run.isHeldBack)
      await run.database.write(() => run.file.writeRestored(null));
  }

  private async end(run: RunContext, syncType: string, error: unknown): Promise<RunReport> {
    const queue = await run.file.countQueue();
    const aside = await run.file.countAside();
    const status: RunStatus = error !== undefined ? 'Failed' : (queue['CONFLICT'] ?? 0) > 0 ? 'Conflict' : (queue['FAILED'] ?? 0) + aside > 0 ? 'Failed' : 'Synced';
    const tables = run.done.filter(t => t.read + t.inserted + t.updated + t.deleted > 0);
    const places = run.plan.tables.filter(t => comesDown(t) && run.stateOf(t) !== undefined).map(t => run.stateOf(t)!.position).sort(comparePositions);
    const moved = tables.reduce((n, t) => n + t.inserted + t.updated + t.deleted, 0);
    let waiting = 0;
    for (const table of run.plan.tables.filter(t => (run.stateOf(t)?.boot ?? 'done') !== 'done'))
      waiting += await run.file.countRows(table.terminal.name);
    const report = this.report(run.runId, run.startedAt, status, {
      tables, queue, setAside: aside, waitingForBootstrap: waiting, warnings: run.warnings, ...(places.length === 0 ? {} : { position: positionText(places[0]!) }), ...wordsOf(error),
    });
    if (tables.length > 0)
      await run.database.write(() => run.file.writeLog({ id: run.runId, syncType, direction: 'both', records: moved, startedAt: run.startedAt, completedAt: new Date(), status: status.toUpperCase(), error: report.error ?? null }));
    if (moved > 0 && error === undefined)
      await run.tools.journal.prune(this.options.journalDays, this.options.journalEntries);
    await run.step('run-logged');
    await this.central.close(report);
    return report;
  }

  private async fail(run: RunContext | null, syncType: string, runId: string, startedAt: Date, error: unknown): Promise<void> {
    try {
      if (run !== null) {
        await this.end(run, syncType, error);
        return;
      }
    } catch (also) {
      // The file is gone or locked, or the line is, which may be why the run failed: the host is told all the same, if it can be. The caller hears the first error.
      if (!(also instanceof SyncError || also instanceof RowRefused))
        throw also;
    }
    await this.closeFailed(runId, startedAt, error);
  }

  private async closeFailed(runId: string, startedAt: Date, error: unknown): Promise<void> {
    try {
      await this.central.close(this.report(runId, startedAt, 'Failed', wordsOf(error)));
    } catch (also) {
      // The line is gone, which is why the run failed: that is what the caller hears. The next run closes this one's log row.
      if (!(also instanceof SyncError))
        throw also;
    }
  }

  private report(runId: string, startedAt: Date, status: RunStatus, more: Partial<RunReport>): RunReport {
    return { runId, terminal: this.terminal, status, startedAt: startedAt.toISOString(), completedAt: new Date().toISOString(), tables: [], queue: {}, waitingForBootstrap: 0, setAside: 0, warnings: [], ...more };
  }
}

function wordsOf(error: unknown): Partial<RunReport> {
  if (error === undefined)
    return {};
  const hint = error instanceof SyncError ? error.hint : undefined;
  return { error: error instanceof Error ? error.message : String(error), ...(hint === undefined ? {} : { hint }) };
}
