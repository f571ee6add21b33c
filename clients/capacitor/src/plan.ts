/** What to sync, as the host answers it to `POST /api/sync/open` (docs/protocol.md, "The plan"). Names are the till's own. */
export interface SyncPlan {
  tables: TablePlan[];
  warnings: string[];
}

export interface TablePlan {
  entry: TableMapEntry;
  terminal: TableSchema;
  central: TableSchema;
  keyMode: 'Shared' | 'Linked';
  columns: ColumnPlan[];
  terminalKey: ColumnSchema[];
  centralKey: ColumnSchema[];
  serverIdColumn?: string;
  syncStatusColumn?: string;
  lastSyncColumn?: string;
  centralSoftDelete?: ColumnSchema;
  terminalSoftDelete?: ColumnSchema;
  rank: number;
}

export interface TableMapEntry {
  name: string;
  direction: 'Both' | 'Push' | 'Pull';
  priority: number;
  additive: string[];
  deletes: 'Auto' | 'Propagate' | 'Soft' | 'Ignore';
  terminalCapture: 'Trigger' | 'Timestamp';
  centralCapture: 'Trigger' | 'Timestamp';
  filter?: string;
  batchSize?: number;
  keyBlock?: number;
  enabled: boolean;
}

export interface ColumnPlan {
  terminal: ColumnSchema;
  central: ColumnSchema;
  isKey: boolean;
  /** Of a foreign key to a table whose rows have keys of their own on each side: that table. */
  references?: string;
}

export type LogicalType =
  | 'Boolean' | 'Integer' | 'Float' | 'Decimal' | 'Text' | 'FixedText' | 'Bytes' | 'Date' | 'Time' | 'Timestamp' | 'TimestampTz' | 'Uuid' | 'Json' | 'Other';

export type InstantStyle = 'Default' | 'IsoZulu' | 'IsoLocal' | 'Space' | 'DateOnly' | 'EpochSeconds' | 'EpochMilliseconds';

export interface ColumnSchema {
  name: string;
  type: string;
  notNull: boolean;
  default?: string;
  isGenerated: boolean;
  isAutoNumber: boolean;
  isCaseInsensitive: boolean;
  logical: LogicalType;
  baseType: string;
  isDomain: boolean;
  typeModifier: number;
  instantStyle: InstantStyle;
}

export interface ForeignKeySchema {
  columns: string[];
  parentTable: string;
  parentColumns: string[];
  onDelete: string;
  onUpdate: string;
  isDeferrable: boolean;
}

export interface IndexSchema {
  name: string;
  columns: string[];
  isUnique: boolean;
  isPlain: boolean;
}

export interface TableSchema {
  name: string;
  oid: number;
  columns: ColumnSchema[];
  key: string[];
  foreignKeys: ForeignKeySchema[];
  indexes: IndexSchema[];
  withoutRowid: boolean;
  hasUserTriggers: boolean;
  isAutoIncrement: boolean;
}

export const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Rows travel up, to central. */
export const goesUp = (table: TablePlan): boolean => table.entry.enabled && table.entry.direction !== 'Push';

/** Rows travel down, to the till. */
export const comesDown = (table: TablePlan): boolean => table.entry.enabled && table.entry.direction !== 'Pull';

export const isLinked = (table: TablePlan): boolean => table.keyMode === 'Linked';

export function findTable(plan: SyncPlan, name: string): TablePlan | undefined {
  return plan.tables.find(t => isSame(t.terminal.name, name));
}

/** The pair of soft-delete columns that travels as one. */
export function softDeleteColumn(table: TablePlan): ColumnPlan | undefined {
  const { centralSoftDelete: central, terminalSoftDelete: terminal } = table;
  return central && table.columns.find(c => c.central.name === central.name && c.terminal.name === terminal?.name);
}

/** Whether the till's soft-delete column is a flag rather than an instant. */
export function isSoftDeleteFlag(table: TablePlan): boolean {
  const pair = softDeleteColumn(table);
  if (pair)
    return pair.central.logical === 'Boolean' || pair.central.logical === 'Integer';
  const column = table.terminalSoftDelete!;
  return /BOOL/i.test(column.type) || (column.notNull && /INT/i.test(column.type));
}
