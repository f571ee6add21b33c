import type { ColumnSchema, ForeignKeySchema, IndexSchema, InstantStyle, TableSchema } from '../plan.js';
import type { Database } from './database.js';
import type { SqlRow } from './driver.js';
import { quote, raw } from './sql.js';

/** Never synced: PayFlow's own tables and what other tools keep for themselves. */
const notSynced = new Set(['sync_queue', 'sync_log', 'system_settings', '_prisma_migrations', '__efmigrationshistory', '__efmigrationslock', 'android_metadata']);

const tablesSql = `SELECT l.name AS name, l.wr AS wr, m.sql AS sql FROM pragma_table_list AS l JOIN main.sqlite_schema AS m ON m.name = l.name AND m.type = 'table'
  WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND l.name NOT LIKE 'payflow\\_%' ESCAPE '\\' ORDER BY l.name COLLATE NOCASE`;
const columnsSql = `SELECT t.name AS tbl, c.name AS name, c.type AS type, c."notnull" AS nn, c.dflt_value AS def, c.pk AS pk, c.hidden AS hidden
  FROM pragma_table_list AS t JOIN pragma_table_xinfo(t.name, 'main') AS c WHERE t.schema = 'main' AND t.type = 'table' ORDER BY t.name, c.cid`;
// Oldest index first: the pragma lists the newest first.
const indexesSql = `SELECT t.name AS tbl, i.name AS name, i."unique" AS uq, i.origin AS origin, i.partial AS partial, k.name AS col
  FROM pragma_table_list AS t JOIN pragma_index_list(t.name, 'main') AS i JOIN pragma_index_info(i.name, 'main') AS k WHERE t.schema = 'main' AND t.type = 'table' ORDER BY t.name, i.seq DESC, k.seqno`;
const foreignKeysSql = `SELECT t.name AS tbl, f.id AS id, f."table" AS parent, f."from" AS src, f."to" AS dst, f.on_delete AS od, f.on_update AS ou
  FROM pragma_table_list AS t JOIN pragma_foreign_key_list(t.name, 'main') AS f WHERE t.schema = 'main' AND t.type = 'table' ORDER BY t.name, f.id, f.seq`;
const triggeredSql = `SELECT DISTINCT tbl_name AS tbl FROM main.sqlite_schema WHERE type = 'trigger' AND name NOT LIKE 'payflow\\_%' ESCAPE '\\'`;

interface FoundIndex {
  isPrimaryKey: boolean;
  schema: IndexSchema;
}

/** Reads what the till's database consists of, as `POST /api/sync/open` sends it (docs/protocol.md, "The schema"): its ordinary tables, without PayFlow's own. */
export async function readSchema(database: Database): Promise<TableSchema[]> {
  const columns = byTable(await database.all(raw(columnsSql)));
  const indexes = byTable(await database.all(raw(indexesSql)));
  const foreignKeys = byTable(await database.all(raw(foreignKeysSql)));
  const triggered = new Set((await database.all(raw(triggeredSql))).map(r => text(r, 'tbl').toLowerCase()));
  const tables: TableSchema[] = [];
  for (const row of await database.all(raw(tablesSql))) {
    const name = text(row, 'name');
    const at = name.toLowerCase();
    if (notSynced.has(at))
      continue;
    const ddl = withoutTexts(text(row, 'sql'));
    const isWithoutRowid = Number(row['wr']) !== 0;
    const found = gatherIndexes(indexes.get(at) ?? []);
    const own = (columns.get(at) ?? []).filter(c => Number(c['hidden']) !== 1);
    const primaryKey = own.filter(c => Number(c['pk']) > 0).sort((a, b) => Number(a['pk']) - Number(b['pk'])).map(c => text(c, 'name'));
    const described = await describe(database, name, isWithoutRowid, ddl, own, primaryKey, found);
    tables.push({
      name,
      oid: 0,
      columns: described,
      key: primaryKey.length > 0 ? primaryKey : firstUnique(found, described),
      foreignKeys: gatherForeignKeys(foreignKeys.get(at) ?? [], columns),
      indexes: found.filter(i => !i.isPrimaryKey).map(i => i.schema),
      withoutRowid: isWithoutRowid,
      isAutoIncrement: primaryKey.length === 1 && /\bAUTOINCREMENT\b/i.test(ddl),
      hasUserTriggers: triggered.has(at),
    });
  }
  return tables;
}

async function describe(database: Database, table: string, isWithoutRowid: boolean, ddl: string, own: SqlRow[], primaryKey: string[], indexes: FoundIndex[]): Promise<ColumnSchema[]> {
  // "INTEGER PRIMARY KEY DESC" looks the same but is no rowid; it alone has an index of its own. https://www.sqlite.org/lang_createtable.html#rowid
  const isRowidKey = !isWithoutRowid && primaryKey.length === 1 && !indexes.some(i => i.isPrimaryKey);
  const styles = await readStyles(database, table, own);
  return own.map((c, i) => {
    const [name, type, isKey] = [text(c, 'name'), text(c, 'type'), Number(c['pk']) > 0];
    return {
      name,
      type,
      notNull: Number(c['nn']) !== 0 || (isWithoutRowid && isKey),
      ...(c['def'] === null ? {} : { default: text(c, 'def') }),
      isGenerated: Number(c['hidden']) === 2 || Number(c['hidden']) === 3,
      isAutoNumber: isRowidKey && isKey && type.toUpperCase() === 'INTEGER',
      isCaseInsensitive: isNoCase(ddl, name),
      logical: 'Other',
      baseType: '',
      isDomain: false,
      typeModifier: -1,
      instantStyle: styles[i]!,
    };
  });
}

// No pragma tells a column's collation; only its definition does. It decides about a warning, never about a value.
function isNoCase(ddl: string, column: string): boolean {
  const name = column.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`[(,]\\s*["\`\\[]?${name}["\`\\]]?\\s[^,]*\\bCOLLATE\\s+["\`\\[]?NOCASE\\b`, 'i').test(ddl);
}

function withoutTexts(ddl: string): string {
  return ddl.replace(/'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
}

function gatherIndexes(rows: SqlRow[]): FoundIndex[] {
  const found = new Map<string, SqlRow[]>();
  for (const row of rows)
    found.set(text(row, 'name'), [...(found.get(text(row, 'name')) ?? []), row]);
  return [...found].map(([name, parts]) => ({
    isPrimaryKey: parts[0]!['origin'] === 'pk',
    schema: {
      name,
      columns: parts.filter(p => p['col'] !== null).map(p => text(p, 'col')),
      isUnique: Number(parts[0]!['uq']) !== 0,
      // A part without a name is an expression, or the rowid.
      isPlain: Number(parts[0]!['partial']) === 0 && parts.every(p => p['col'] !== null),
    },
  }));
}

function gatherForeignKeys(rows: SqlRow[], columns: Map<string, SqlRow[]>): ForeignKeySchema[] {
  const found = new Map<number, SqlRow[]>();
  for (const row of rows)
    found.set(Number(row['id']), [...(found.get(Number(row['id'])) ?? []), row]);
  return [...found.values()].map(parts => {
    const parent = text(parts[0]!, 'parent');
    // "REFERENCES parent" without columns means the parent's primary key.
    const parentColumns = parts.every(p => p['dst'] !== null)
      ? parts.map(p => text(p, 'dst'))
      : (columns.get(parent.toLowerCase()) ?? []).filter(c => Number(c['pk']) > 0).sort((a, b) => Number(a['pk']) - Number(b['pk'])).map(c => text(c, 'name'));
    return { columns: parts.map(p => text(p, 'src')), parentTable: parent, parentColumns, onDelete: text(parts[0]!, 'od'), onUpdate: text(parts[0]!, 'ou'), isDeferrable: false };
  });
}

function firstUnique(indexes: FoundIndex[], columns: ColumnSchema[]): string[] {
  return indexes.find(i => i.schema.isUnique && i.schema.isPlain && i.schema.columns.every(name => columns.some(c => c.notNull && c.name === name)))?.schema.columns ?? [];
}

const rowsToSample = 100;
const firstMilliseconds = 100_000_000_000;
const iso = /^\d{4}-\d\d-\d\d(([T ])(\d\d:\d\d(:\d\d([.,]\d+)?)?)\s?(Z|[+-]\d\d(:?\d\d)?)?)?$/;
const styleOrder: InstantStyle[] = ['Default', 'IsoZulu', 'IsoLocal', 'Space', 'DateOnly', 'EpochSeconds', 'EpochMilliseconds'];

/** Learns from a few rows how the columns spell instants: SQLite has no date type, so neither name nor declared type decides. */
async function readStyles(database: Database, table: string, columns: SqlRow[]): Promise<InstantStyle[]> {
  const parts = columns.map((c, i) => {
    const name = quote(text(c, 'name'));
    return `CASE WHEN typeof(${name}) = 'integer' THEN 'i' || ${name} WHEN typeof(${name}) = 'text' AND length(${name}) <= 40 THEN 's' || ${name} WHEN ${name} IS NOT NULL THEN 'o' END AS c${i}`;
  });
  const rows = parts.length === 0 ? [] : await database.all(raw(`SELECT ${parts.join(', ')} FROM main.${quote(table)} LIMIT ${rowsToSample}`));
  return columns.map((c, i) => verdict(text(c, 'type'), rows.map(r => r[`c${i}`]).filter(v => v !== null).map(String)));
}

function verdict(type: string, values: string[]): InstantStyle {
  const seen = new Map<InstantStyle, number>();
  let [seconds, milliseconds, other] = [0, 0, 0];
  for (const value of values) {
    const style = value[0] === 's' ? classify(value.slice(1)) : null;
    if (value[0] === 'i' && Math.abs(Number(value.slice(1))) >= firstMilliseconds)
      milliseconds++;
    else if (value[0] === 'i')
      seconds++;
    else if (style !== null)
      seen.set(style, (seen.get(style) ?? 0) + 1);
    else
      other++;
  }
  const texts = [...seen.values()].reduce((a, b) => a + b, 0);
  const numbers = seconds + milliseconds;
  if (texts + numbers + other === 0)
    return /INT/i.test(type) ? 'EpochMilliseconds' : 'Default';
  if (other > Math.max(texts, numbers))
    return 'Default';
  // An early instant in milliseconds looks like seconds; a late one is never seconds.
  if (numbers > texts)
    return milliseconds > 0 ? 'EpochMilliseconds' : 'EpochSeconds';
  const dates = seen.get('DateOnly') ?? 0;
  if (dates > 0 && dates + (seen.get('Space') ?? 0) === texts)
    return 'DateOnly';
  const most = Math.max(...styleOrder.map(s => seen.get(s) ?? 0));
  return styleOrder.find(s => (seen.get(s) ?? 0) === most)!;
}

function classify(value: string): InstantStyle | null {
  const match = iso.exec(value);
  if (match === null)
    return null;
  if (match[1] === undefined)
    return 'DateOnly';
  return match[2] === ' ' ? 'Space' : match[6] === undefined ? 'IsoLocal' : 'IsoZulu';
}

function byTable(rows: SqlRow[]): Map<string, SqlRow[]> {
  const tables = new Map<string, SqlRow[]>();
  for (const row of rows) {
    const name = text(row, 'tbl').toLowerCase();
    const list = tables.get(name);
    if (list === undefined)
      tables.set(name, [row]);
    else
      list.push(row);
  }
  return tables;
}

function text(row: SqlRow, column: string): string {
  return String(row[column]);
}
