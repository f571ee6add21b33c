import type { SyncPlan, TableSchema } from '../plan.js';
import type { Cell } from '../values/cell.js';

/** A row on its way up. */
export interface RowChange {
  key: string;
  values: Cell[] | null;
  base: Cell[] | null;
  serverKey: string | null;
  attempts: number;
}

/** The rows of one table in a batch. */
export interface Section {
  table: string;
  columns: string[];
  rows: RowChange[];
  isBootstrap: boolean;
  isLinkOnly: boolean;
  baseUnknown: boolean;
  isLinked: boolean;
}

export interface Batch {
  id: string;
  runId: string;
  sections: Section[];
  /** A place in central's log, as text. */
  seen: string;
  isRestored: boolean;
}

export type RowStatus = 'Applied' | 'Conflict' | 'Failed' | 'Waits' | 'Skipped';

/** What became of a row that was not applied as it was sent. */
export interface RowOutcome {
  key: string;
  status: RowStatus;
  reason?: string;
  /** Failed before it was sent: no further attempt would end otherwise. */
  isFinal?: boolean;
  column?: string;
  retrySoon: boolean;
  open?: string[];
  central?: Cell[];
  centralDeleted: boolean;
  reread: boolean;
  serverKey?: string;
}

export interface SectionResult {
  table: string;
  rows: number;
  inserted: number;
  updated: number;
  deleted: number;
  unchanged: number;
  conflicts: number;
  failed: number;
  waiting: number;
  skipped: number;
  outcomes: RowOutcome[];
}

export interface UploadResult {
  batchId: string;
  sections: SectionResult[];
}

/** A central row on its way down: central's key, and the plan's columns; null when it is gone or none of the till's business. */
export interface DownloadedRow {
  key: string;
  values: Cell[] | null;
}

/** A piece of central's log, with the rows as they are now. */
export interface ChangePage {
  tables: Record<string, DownloadedRow[]>;
  /** Tables to read again as a whole; true where those of the till's rows that central no longer has go first. */
  reload: Record<string, boolean>;
  next: string;
  entries: number;
  isLast: boolean;
  isHeldBack: boolean;
}

export interface OpenRequest {
  terminal: string;
  runId: string;
  syncType: string;
  direction: 'Both' | 'Push' | 'Pull';
  schemaVersion: string;
  schema?: TableSchema[];
  fingerprint: string;
  intervalSeconds?: number;
  knownPlan?: string;
}

export interface OpenAnswer {
  schemaNeeded: boolean;
  centralId: string;
  planId: string;
  plan?: SyncPlan;
  number: number;
  counter: number;
  nonce?: string;
  lineage: string;
  fingerprint?: string;
  position: string;
  /** How many bytes a batch may have, unpacked. */
  maxUpload?: number;
  attributes: Record<string, string>;
}

export interface Decision {
  row: { table: string; key: string };
  state: 'Unknown' | 'Open' | 'Decided';
  conflict: number;
  values: Cell[] | null;
  decidedUpon: Map<string, Cell> | null;
  fields: string[];
  serverKey: string | null;
  wasDelivered: boolean;
}

/** What one direction of one table did in a run. */
export interface TableProgress {
  table: string;
  /** 'Push' is down, to the till; 'Pull' is up, to central. */
  direction: 'Push' | 'Pull';
  read: number;
  inserted: number;
  updated: number;
  deleted: number;
  unchanged: number;
  conflicts: number;
  failed: number;
  waiting: number;
  skipped: number;
  checkpointFrom?: string;
  checkpointTo?: string;
  /** hh:mm:ss.fffffff */
  duration: string;
}

export type RunStatus = 'Synced' | 'Conflict' | 'Failed' | 'Cancelled';

/** What a run did. */
export interface RunReport {
  runId: string;
  terminal: string;
  status: RunStatus;
  startedAt: string;
  completedAt: string;
  tables: TableProgress[];
  /** Entries of the queue by status, after the run. */
  queue: Record<string, number>;
  waitingForBootstrap: number;
  setAside: number;
  position?: string;
  warnings: string[];
  error?: string;
  hint?: string;
}
