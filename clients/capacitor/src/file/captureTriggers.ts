import { isLinked, type TablePlan } from '../plan.js';
import { keyEqual, keySql } from './keySql.js';
import { literal, quote } from './sql.js';

const now = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";
const listening = '(SELECT applying FROM payflow_state) = 0';

/** An instant that has passed by every clock. */
export const atOnce = '1970-01-01T00:00:00.000Z';

/** The SQL expression that makes the image of the row called `row`. */
export function imageSql(row: string, columns: readonly string[]): string {
  const objects: string[] = [];
  for (let i = 0; i < columns.length; i += 45)
    objects.push(`json_object(${columns.slice(i, i + 45).map(c => `${literal(c)}, ${cell(`${row}.${quote(c)}`)}`).join(', ')})`);
  return objects.length === 1 ? objects[0]! : `json_array(${objects.join(', ')})`;
}

function cell(column: string): string {
  return `CASE typeof(${column}) WHEN 'text' THEN 's' || ${column} WHEN 'real' THEN 'r' || printf('%!.20g', ${column}) WHEN 'blob' THEN 'x' || hex(${column}) ELSE ${column} END`;
}

/**
 * The triggers that note every change of one table in `sync_queue`, name to statement: letter for letter those of the .NET engine, which looks after the same files. They need nothing but SQLite,
 * so the app's own code does not change. REPLACE fires no delete trigger: the BEFORE triggers keep the image of the row that is about to go.
 */
export function captureTriggers(table: TablePlan): Map<string, string> {
  const name = quote(table.terminal.name);
  const entity = literal(table.terminal.name);
  const columns = table.columns.filter(c => !c.terminal.isGenerated).map(c => c.terminal.name);
  const image = isLinked(table) ? [...columns, table.serverIdColumn!] : columns;
  const status = table.syncStatusColumn;
  const keys = [table.terminalKey.map(c => c.name), ...table.terminal.indexes.filter(i => i.isUnique && i.isPlain).map(i => i.columns)];

  const triggerName = (suffix: string): string => `payflow_${table.terminal.name}_${suffix}`;
  const trigger = (suffix: string, event: string, when: string, body: string): string =>
    `CREATE TRIGGER ${quote(triggerName(suffix))} ${event} ON ${name} FOR EACH ROW WHEN ${when}\nBEGIN\n${body}\nEND`;
  const hasKey = (row: string): string => table.terminalKey.map(c => `${row}.${quote(c.name)} IS NOT NULL`).join(' AND ');
  const setPending = (column: string): string =>
    `  UPDATE ${name} SET ${quote(column)} = 'PENDING' WHERE ${keyEqual(table, name, 'NEW')} AND ${quote(column)} IS NOT 'PENDING';`;

  // An entry that is on its way is opened again, and what was sent is kept in payload: it becomes the before-image when central acknowledges it.
  const reopened = (before: string): string =>
    `payload = CASE WHEN batch_id IS NOT NULL AND payload IS NULL THEN ${before} ELSE payload END, status = CASE status WHEN 'CONFLICT' THEN 'CONFLICT' ELSE 'PENDING' END, `
    + `attempts = 0, next_attempt_at = CASE status WHEN 'CONFLICT' THEN '${atOnce}' END, last_error = CASE status WHEN 'CONFLICT' THEN last_error END, updated_at = ${now}`;
  // The row is there (again): what central does not have yet stays an insert.
  const touched = (before: string): string => `action = CASE WHEN base IS NULL THEN 'INSERT' ELSE 'UPDATE' END, ${reopened(before)}`;
  const replaced = (where: string): string =>
    [
      '  INSERT INTO sync_queue (entity_type, entity_id, action, priority, base, created_at)',
      `  SELECT ${entity}, ${keySql(table, 'o')}, 'UPDATE', ${table.entry.priority}, ${imageSql('o', image)}, ${now} FROM ${name} o WHERE ${where}`,
      `  ON CONFLICT (entity_type, entity_id) DO UPDATE SET ${touched('excluded.base')};`,
    ].join('\n');

  const insertEntry = (condition?: string): string => {
    const values = `${entity}, ${keySql(table, 'NEW')}, 'INSERT', ${table.entry.priority}, ${now}`;
    return [
      '  INSERT INTO sync_queue (entity_type, entity_id, action, priority, created_at)',
      `  ${condition === undefined ? `VALUES (${values})` : `SELECT ${values} WHERE ${condition}`}`,
      `  ON CONFLICT (entity_type, entity_id) DO UPDATE SET ${touched("'null'")};`,
    ].join('\n');
  };
  // A row that central has never heard of leaves no trace: inserted and deleted cancel out.
  const deleteEntry = (condition = 'true'): string =>
    [
      '  INSERT INTO sync_queue (entity_type, entity_id, action, priority, base, created_at)',
      `  SELECT ${entity}, ${keySql(table, 'OLD')}, 'DELETE', ${table.entry.priority}, ${imageSql('OLD', image)}, ${now} WHERE ${condition}`,
      '  ON CONFLICT (entity_type, entity_id) DO UPDATE SET',
      `    action = CASE WHEN base IS NULL AND batch_id IS NULL AND status IN ('PENDING', 'FAILED') THEN 'CANCEL' ELSE 'DELETE' END, ${reopened('excluded.base')};`,
      `  DELETE FROM sync_queue WHERE entity_type = ${entity} AND entity_id = ${keySql(table, 'OLD')} AND action = 'CANCEL';`,
    ].join('\n');
  const update = [
    '  INSERT INTO sync_queue (entity_type, entity_id, action, priority, base, created_at)',
    `  VALUES (${entity}, ${keySql(table, 'NEW')}, 'UPDATE', ${table.entry.priority}, ${imageSql('OLD', image)}, ${now})`,
    `  ON CONFLICT (entity_type, entity_id) DO UPDATE SET ${touched('excluded.base')};`,
    ...(status === undefined ? [] : [setPending(status)]),
  ].join('\n');

  const equal = (c: string): string => `o.${quote(c)} = NEW.${quote(c)}`;
  const taken = keys.map(k => `(${k.map(equal).join(' AND ')})`).join(' OR ');
  const takenAnew = keys.map(k => `(${k.map(equal).join(' AND ')} AND (${k.map(c => `OLD.${quote(c)} IS NOT NEW.${quote(c)}`).join(' OR ')}))`).join(' OR ');
  const other = `NOT (${keyEqual(table, 'o', 'OLD')}) AND (${takenAnew})`;
  const changed = columns.map(c => `OLD.${quote(c)} COLLATE BINARY IS NOT NEW.${quote(c)}`).join(' OR ');

  const statements = new Map([
    ['replace', trigger('replace', 'BEFORE INSERT', `${listening} AND EXISTS (SELECT 1 FROM ${name} o WHERE ${taken})`, replaced(taken))],
    ['insert', trigger('insert', 'AFTER INSERT', `${listening} AND ${hasKey('NEW')}`, insertEntry())],
    ['displace', trigger('displace', `BEFORE UPDATE OF ${distinct(keys.flat()).map(quote).join(', ')}`, `${listening} AND EXISTS (SELECT 1 FROM ${name} o WHERE ${other})`, replaced(other))],
    ['update', trigger('update', `AFTER UPDATE OF ${columns.map(quote).join(', ')}`, `${listening} AND ${hasKey('NEW')} AND ${keyEqual(table, 'OLD', 'NEW')} AND (${changed})`, update)],
    ['rekey', trigger('rekey', `AFTER UPDATE OF ${table.terminalKey.map(c => quote(c.name)).join(', ')}`, `${listening} AND NOT (${keyEqual(table, 'OLD', 'NEW')})`, `${deleteEntry(hasKey('OLD'))}\n${insertEntry(hasKey('NEW'))}`)],
    ['delete', trigger('delete', 'AFTER DELETE', `${listening} AND ${hasKey('OLD')}`, deleteEntry())],
  ]);
  if (status !== undefined)
    statements.set('status', trigger('status', 'AFTER INSERT', `${listening} AND NEW.${quote(status)} IS NOT 'PENDING'`, setPending(status)));
  return new Map([...statements].map(([suffix, statement]) => [triggerName(suffix), statement]));
}

function distinct(names: readonly string[]): string[] {
  return names.filter((n, i) => names.findIndex(o => o.toLowerCase() === n.toLowerCase()) === i);
}
