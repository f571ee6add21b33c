import { Database, type Transaction } from './file/database.js';
import type { SqliteDriver } from './file/driver.js';
import { TillFile } from './file/tillFile.js';
import { HostCentral } from './host/hostCentral.js';
import { HostLine, type Fetch } from './host/hostLine.js';
import { listen } from './host/hostEvents.js';
import type { RunReport } from './host/messages.js';
import type { CredentialStore, DeviceCredentials } from './credentials.js';
import { usualOptions, type SyncOptions } from './session/runContext.js';
import { Session } from './session/session.js';
import { SyncError } from './syncError.js';
import { raw, Sql, type SqlValue } from './file/sql.js';
import { newUuid } from './values/uuid.js';

/** What a sync indicator shows. */
export interface SyncIndicator {
  /** Whether the device has a network, and the host was there when it was last asked; null before anything is known. */
  isOnline: boolean | null;
  isSyncing: boolean;
  /** The end of the last run that was done. */
  lastSync: Date | null;
  /** Rows that wait to be sent. */
  pending: number;
  /** The same by priority: 1 is sales. */
  pendingByPriority: Record<string, number>;
  /** Rows that wait for somebody's decision. */
  conflicts: number;
  /** Rows that were refused, here or there. */
  failures: number;
  /** Why the last run was not done. */
  error: SyncError | null;
}

/** Tells of the device's network; `@capacitor/network` by `networkOf`. */
export interface NetworkWatch {
  isConnected(): Promise<boolean>;
  /** Gives what ends it. */
  watch(changed: (isConnected: boolean) => void): Promise<() => Promise<void>>;
}

export interface TillOptions {
  /** The host, such as `https://payflow.example.com`. */
  host: string;
  driver: SqliteDriver;
  credentials: CredentialStore;
  network?: NetworkWatch;
  /** Milliseconds from the end of one run to the beginning of the next; the first pause after a failure, which doubles, and the longest. */
  interval?: number;
  firstPause?: number;
  longestPause?: number;
  sync?: Partial<SyncOptions>;
  fetch?: Fetch;
  compress?: boolean;
  /** Whether to hold a request open on which the host says that there is something to fetch. */
  events?: boolean;
}

/** Pauses differ by so much, lest all tills come back at the same moment after a failure of the host. */
const jitter = 0.3;

/** A till: its file, its registration, and its being in step with the host. One object for one file, for as long as the app runs. */
export class Till {
  private readonly listeners = new Set<(indicator: SyncIndicator) => void>();
  private indicator: SyncIndicator = { isOnline: null, isSyncing: false, lastSync: null, pending: 0, pendingByPriority: {}, conflicts: 0, failures: 0, error: null };
  private session: Session | null = null;
  private running: Promise<RunReport> | null = null;
  private loop: { stop: AbortController; wake: () => void; ended: Promise<void> } | null = null;

  private constructor(private readonly options: TillOptions, private readonly database: Database) {}

  static async open(options: TillOptions): Promise<Till> {
    const till = new Till(options, await Database.open(options.driver));
    await till.refresh({});
    return till;
  }

  /** Makes a device of this till by the one-time code that an administrator gave. Safe on a bad line: the same call with the same code gets its key also when the first answer was lost. */
  async register(code: string, terminal?: string, name?: string): Promise<string> {
    const state = await new TillFile(this.database).identity();
    if (state !== null && terminal !== undefined && state.terminal !== terminal)
      throw new SyncError('IdentityMismatch', `${this.database.driver.name} is attached as terminal ${state.terminal} already`, 'Use that id, or begin with a new file.', { terminal: state.terminal });
    const known = await this.options.credentials.read();
    const attempt = known?.host === this.options.host && known.attempt !== undefined && known.key === undefined ? known.attempt : newUuid() + newUuid();
    // Written before it is sent: after a power cut it is known what to ask for again.
    const device: DeviceCredentials = known?.key !== undefined ? { ...known, attempt } : { host: this.options.host, attempt };
    await this.options.credentials.write(device);
    const id = terminal ?? state?.terminal;
    const answer = (await this.line().post('/api/sync/register', null, {
      code, attempt, ...(id === undefined ? {} : { terminal: id }), ...(name === undefined ? {} : { name }), ...(state === null ? {} : { lineage: state.lineage }),
    })) as { terminal: string; key: string };
    await this.options.credentials.write({ host: this.options.host, terminal: answer.terminal, key: answer.key });
    this.session = null;
    return answer.terminal;
  }

  async isRegistered(): Promise<boolean> {
    return (await this.options.credentials.read())?.key !== undefined;
  }

  /** Syncs now, once. Asked while a run is under way it gives that one's report. */
  sync(): Promise<RunReport> {
    this.running ??= this.syncOnce().finally(() => (this.running = null));
    return this.running;
  }

  /**
   * What a background runner calls (WorkManager, BGTaskScheduler): one run within the time that the system grants. A run that is cut off does no harm; false says that it was not done.
   */
  async runInBackground(): Promise<boolean> {
    if (!(await this.isRegistered()) || !((await this.options.network?.isConnected()) ?? true))
      return false;
    try {
      await this.sync();
      return true;
    } catch (e) {
      // The indicator has it; the next call tries again.
      if (e instanceof SyncError)
        return false;
      throw e;
    }
  }

  /** Syncs again and again: at the interval, when the network is back, when the host has something, and when `nudge` is called. Ends by itself only when the host no longer takes this device. */
  start(): void {
    if (this.loop !== null)
      return;
    const stop = new AbortController();
    const loop = { stop, wake: () => undefined as void, ended: Promise.resolve() };
    this.loop = loop;
    loop.ended = this.keepInStep(stop.signal, wake => (loop.wake = wake)).finally(() => (this.loop = null));
    loop.ended.catch(() => undefined);
  }

  async stop(): Promise<void> {
    const loop = this.loop;
    loop?.stop.abort();
    loop?.wake();
    await loop?.ended;
  }

  /** Something was sold: a run begins at once, if the till is in step by itself. */
  nudge(): void {
    this.loop?.wake();
    this.redraw({});
  }

  /**
   * The app's own writing. On a device the app and the client share one connection, so everything that the app writes goes through here: in a transaction of its own, captured by the triggers, never in the middle of
   * one of the client's.
   */
  async write<T>(work: (run: (text: string, values?: SqlValue[]) => Promise<number>) => Promise<T>): Promise<T> {
    const result = await this.database.write((t: Transaction) => work((text, values = []) => t.run(new Sql(text, values))));
    this.nudge();
    return result;
  }

  /** Tells what the indicator shows, now and with every change; gives what ends it. */
  watch(listener: (indicator: SyncIndicator) => void): () => void {
    this.listeners.add(listener);
    listener(this.indicator);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.stop();
    await this.running?.catch(() => undefined);
    await this.options.driver.close();
  }

  private async syncOnce(): Promise<RunReport> {
    await this.refresh({ isSyncing: true });
    try {
      const report = await this.withRetries(await this.openSession());
      await this.refresh({ isSyncing: false, isOnline: true, lastSync: new Date(), error: null });
      return report;
    } catch (e) {
      const error = e instanceof SyncError ? e : new SyncError('TerminalUnavailable', e instanceof Error ? e.message : String(e), 'Tell this to the maker of the app.', { cause: e });
      await this.refresh({ isSyncing: false, error, ...(error.code === 'CentralUnavailable' ? { isOnline: false } : {}) });
      throw error;
    }
  }

  // Every batch is applied once, however often the run begins.
  private async withRetries(session: Session): Promise<RunReport> {
    const { attempts, pause } = { ...usualOptions, ...this.options.sync };
    for (let attempt = 1; ; attempt++) {
      try {
        return await session.runOnce();
      } catch (e) {
        if (!(e instanceof SyncError) || !e.isTransient || attempt >= attempts)
          throw e;
        const wait = Math.max(pause * 2 ** (attempt - 1) * (0.5 + Math.random()), (e.retryAfter ?? 0) * 1000);
        await new Promise(resolve => setTimeout(resolve, wait));
      }
    }
  }

  private async openSession(): Promise<Session> {
    if (this.session !== null)
      return this.session;
    const device = await this.options.credentials.read();
    if (device?.key === undefined || device.terminal === undefined)
      throw new SyncError('NotPermitted', 'This till is not registered', "Ask an administrator for a code and call register(code).");
    const { interval } = this.options;
    this.session = new Session(this.database, new HostCentral(this.line(device.key)), device.terminal, { ...usualOptions, ...(interval === undefined ? {} : { intervalSeconds: Math.max(1, Math.ceil(interval / 1000)) }), ...this.options.sync });
    return this.session;
  }

  private line(key?: string): HostLine {
    const { host, fetch, compress } = this.options;
    return new HostLine({ host, ...(key === undefined ? {} : { key }), ...(fetch === undefined ? {} : { fetch }), ...(compress === undefined ? {} : { compress }) });
  }

  private async keepInStep(signal: AbortSignal, setWake: (wake: () => void) => void): Promise<void> {
    const { interval = 60_000, firstPause = 2_000, longestPause = 300_000 } = this.options;
    let isWoken = false;
    let resume = (): void => undefined;
    const wake = (): void => {
      isWoken = true;
      resume();
    };
    setWake(wake);
    const unwatch = await this.watchNetwork(wake);
    // Where it cannot begin, the interval is left.
    this.listenToHost(signal, wake).catch(() => undefined);
    try {
      for (let failures = 0; !signal.aborted;) {
        isWoken = false;
        let pause = interval;
        try {
          await this.sync();
          failures = 0;
        } catch (e) {
          if (e instanceof SyncError && e.code === 'NotPermitted')
            throw e;
          pause = e instanceof SyncError && e.isTransient ? Math.max(Math.min(longestPause, firstPause * 2 ** Math.min(failures++, 16)), (e.retryAfter ?? 0) * 1000) : longestPause;
        }
        if (isWoken || signal.aborted)
          continue;
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, pause * (1 - jitter + 2 * jitter * Math.random()));
          resume = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    } finally {
      await unwatch?.();
    }
  }

  // A device whose network cannot be watched still has the interval and the host's events.
  private async watchNetwork(wake: () => void): Promise<(() => Promise<void>) | undefined> {
    try {
      return await this.options.network?.watch(isConnected => {
        this.redraw({ isOnline: isConnected });
        if (isConnected)
          wake();
      });
    } catch {
      return undefined;
    }
  }

  private async listenToHost(signal: AbortSignal, wake: () => void): Promise<void> {
    const key = (await this.options.credentials.read())?.key;
    if (this.options.events !== false && key !== undefined)
      await listen(this.line(key), signal, wake, this.options.firstPause ?? 2_000, this.options.longestPause ?? 300_000);
  }

  // It is drawn again with every run: that the file is locked at this moment is no reason to end the app, which nobody's promise that fails unheard may do.
  private redraw(change: Partial<SyncIndicator>): void {
    this.refresh(change).catch(() => (this.indicator = { ...this.indicator, ...change }));
  }

  private async refresh(change: Partial<SyncIndicator>): Promise<void> {
    const file = new TillFile(this.database);
    if (await file.isAttached()) {
      const queue = await file.countQueue();
      const aside = await file.countAside();
      this.indicator = {
        ...this.indicator,
        pending: (queue['PENDING'] ?? 0) + (queue['SYNCING'] ?? 0),
        pendingByPriority: await file.countByPriority(),
        conflicts: queue['CONFLICT'] ?? 0,
        failures: (queue['FAILED'] ?? 0) + aside,
        lastSync: this.indicator.lastSync ?? (await this.lastRun()),
      };
    }
    this.indicator = { ...this.indicator, ...change };
    for (const listener of this.listeners)
      listener(this.indicator);
  }

  private async lastRun(): Promise<Date | null> {
    const row = await this.database.first(raw("SELECT max(completed_at) AS at FROM sync_log WHERE status <> 'FAILED'"));
    return row?.['at'] == null ? null : new Date(String(row['at']));
  }
}
