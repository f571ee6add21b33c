import { SyncError } from '../syncError.js';
import type { Database } from './database.js';
import { raw, sql } from './sql.js';

const queueColumns = ['entity_type', 'entity_id', 'action', 'payload', 'priority', 'status', 'attempts', 'last_error', 'created_at', 'updated_at', 'base', 'batch_id', 'next_attempt_at'];
const logColumns = ['id', 'sync_type', 'direction', 'records_count', 'started_at', 'completed_at', 'status', 'error_message'];

const queue = `CREATE TABLE sync_queue (
  id TEXT GENERATED ALWAYS AS (entity_type || ':' || entity_id) VIRTUAL,
  entity_type TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  action TEXT NOT NULL,
  payload TEXT,
  priority INTEGER,
  status TEXT NOT NULL DEFAULT 'PENDING',
  attempts INTEGER NOT NULL DEFAULT 0,
  last_error TEXT,
  created_at DATETIME,
  updated_at DATETIME,
  base TEXT,
  batch_id TEXT,
  next_attempt_at DATETIME,
  PRIMARY KEY (entity_type, entity_id)
) WITHOUT ROWID`;

const others = [
  `CREATE TABLE IF NOT EXISTS sync_log (
  id TEXT PRIMARY KEY,
  sync_type TEXT,
  direction TEXT,
  records_count INTEGER,
  started_at DATETIME,
  completed_at DATETIME,
  status TEXT,
  error_message TEXT
)`,
  `CREATE TABLE IF NOT EXISTS payflow_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  applying INTEGER NOT NULL DEFAULT 0,
  terminal_id TEXT NOT NULL,
  central_id TEXT NOT NULL,
  lineage TEXT NOT NULL,
  counter INTEGER NOT NULL DEFAULT 0,
  nonce TEXT,
  pending_counter INTEGER,
  pending_nonce TEXT,
  restored TEXT,
  attached_at DATETIME NOT NULL
)`,
  `CREATE TABLE IF NOT EXISTS payflow_tables (
  name TEXT PRIMARY KEY,
  boot_state TEXT NOT NULL DEFAULT 'done',
  boot_key TEXT,
  load_state TEXT NOT NULL DEFAULT 'waiting',
  load_key TEXT,
  log_generation INTEGER NOT NULL DEFAULT 0,
  log_xid INTEGER NOT NULL DEFAULT 0,
  log_id INTEGER NOT NULL DEFAULT 0,
  push_stamp TEXT,
  push_key TEXT,
  shape TEXT,
  pull_stamp TEXT,
  pull_key TEXT
) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS payflow_aside (
  table_name TEXT NOT NULL,
  key TEXT NOT NULL,
  reason TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 1,
  since DATETIME NOT NULL,
  PRIMARY KEY (table_name, key)
) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS payflow_echo (
  table_name TEXT NOT NULL,
  key TEXT NOT NULL,
  stamp TEXT,
  PRIMARY KEY (table_name, key)
) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS payflow_journal (
  seq INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL,
  table_name TEXT NOT NULL,
  op TEXT NOT NULL,
  key TEXT,
  keys BLOB,
  before TEXT,
  after TEXT,
  at DATETIME NOT NULL
)`,
  'CREATE INDEX IF NOT EXISTS payflow_journal_run_id ON payflow_journal (run_id)',
];

/** The tables that PayFlow keeps in the till's file: those of the .NET engine, so that either may look after it. To be created in a write transaction. */
export async function createBookkeeping(database: Database): Promise<void> {
  await createQueue(database);
  const log = await columnsOf(database, 'sync_log');
  const missing = logColumns.filter(c => !log.has(c));
  if (log.size > 0 && missing.length > 0)
    throw foreign(database, 'sync_log', `it lacks ${missing.join(', ')}`);
  for (const statement of others)
    await database.run(raw(statement));
}

export async function hasBookkeeping(database: Database): Promise<boolean> {
  return (await columnsOf(database, 'payflow_state')).size > 0;
}

async function createQueue(database: Database): Promise<void> {
  const columns = await columnsOf(database, 'sync_queue');
  if (columns.size > 0 && queueColumns.every(c => columns.has(c)))
    return;
  if (columns.size > 0) {
    const waiting = await database.count(raw('SELECT count(*) AS n FROM sync_queue'));
    if (waiting > 0)
      throw foreign(database, 'sync_queue', `it holds ${waiting} entries`);
    await database.run(raw('DROP TABLE sync_queue'));
  }
  await database.run(raw(queue));
}

async function columnsOf(database: Database, table: string): Promise<Set<string>> {
  return new Set((await database.all(sql`SELECT name FROM pragma_table_xinfo(${table})`)).map(r => String(r['name']).toLowerCase()));
}

function foreign(database: Database, table: string, why: string): SyncError {
  return new SyncError('SchemaMismatch', `${database.driver.name} has a table ${table} of another program: ${why}`, `Let that program finish its own sync, then rename or drop ${table} and attach again.`, { table });
}
