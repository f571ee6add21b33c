import type { ColumnSchema, TablePlan } from '../plan.js';
import { quote, raw, Sql } from './sql.js';

/** The text form of the key of the row called `row`. */
export function keySql(table: TablePlan, row: string): string {
  const key = table.terminalKey;
  if (key.length === 1)
    return part(key[0]!, `${row}.${quote(key[0]!.name)}`);
  return `json_array(${key.map(c => `CAST(${part(c, `${row}.${quote(c.name)}`)} AS TEXT)`).join(', ')})`;
}

/** The condition that the row called `row` has the key whose text is `key`; uses the key's index. */
export function keyMatches(table: TablePlan, row: string, key: Sql): Sql {
  if (table.terminalKey.length === 1)
    return matches(table.terminalKey[0]!, row, key);
  return Sql.join(table.terminalKey.map((c, i) => matches(c, row, new Sql(`json_extract(${key.text}, '$[${i}]')`, key.values))), ' AND ');
}

/** The condition that two rows have the same key values. */
export function keyEqual(table: TablePlan, left: string, right: string): string {
  return table.terminalKey.map(c => `${left}.${quote(c.name)} COLLATE BINARY IS ${right}.${quote(c.name)}`).join(' AND ');
}

function part(column: ColumnSchema, expression: string): string {
  return holdsBlobs(column) ? `CASE typeof(${expression}) WHEN 'blob' THEN '\\x' || lower(hex(${expression})) ELSE ${expression} END` : expression;
}

// A column without a type holds 5 and '5' as two values: the index is asked for all that the text may stand for, and the text decides.
function matches(column: ColumnSchema, row: string, text: Sql): Sql {
  const name = `${row}.${quote(column.name)}`;
  if (!holdsBlobs(column))
    return new Sql(`${name} = ${text.text}`, text.values);
  return Sql.join([raw(`(${name} IN (`), text, raw(', CAST('), text, raw(' AS NUMERIC), unhex(substr('), text, raw(`, 3))) AND CAST(${part(column, name)} AS TEXT) = `), text, raw(')')], '');
}

// Only a column without a type, or of type BLOB, is likely to hold blobs as keys.
function holdsBlobs(column: ColumnSchema): boolean {
  return column.type.length === 0 || /BLOB/i.test(column.type);
}
