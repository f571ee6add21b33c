import { hexOf, LocalReference, type Cell } from '../values/cell.js';

/** What every driver can bind without loss. */
export type SqlValue = string | number | null;

/** A piece of SQL with the values of its parameters, which are plain `?` in their order: the form that every driver takes. */
export class Sql {
  constructor(readonly text: string, readonly values: readonly SqlValue[] = []) {}

  static join(parts: readonly Sql[], separator: string): Sql {
    return new Sql(parts.map(p => p.text).join(separator), parts.flatMap(p => p.values));
  }
}

/** Builds SQL: pieces of SQL are put in as they are, everything else becomes a parameter. */
export function sql(strings: TemplateStringsArray, ...parts: readonly (Sql | SqlValue)[]): Sql {
  let text = strings[0]!;
  const values: SqlValue[] = [];
  parts.forEach((part, i) => {
    if (part instanceof Sql) {
      text += part.text;
      values.push(...part.values);
    } else {
      text += '?';
      values.push(part);
    }
    text += strings[i + 1]!;
  });
  return new Sql(text, values);
}

export const raw = (text: string): Sql => new Sql(text);

export const quote = (identifier: string): string => '"' + identifier.replaceAll('"', '""') + '"';

export const literal = (text: string): string => "'" + text.replaceAll("'", "''") + "'";

/** A whole number, without the 53 bits of a driver's numbers. */
export const integer = (value: bigint | number): Sql => sql`CAST(${value.toString()} AS INTEGER)`;

/**
 * A value as SQL that every driver passes on without loss: drivers end texts at a NUL, round integers, and give 1.0 to SQLite as 1.
 */
export function cellSql(cell: Cell): Sql {
  if (cell === null)
    return raw('NULL');
  if (typeof cell === 'bigint')
    return integer(cell);
  if (typeof cell === 'number')
    return Number.isFinite(cell) ? sql`CAST(${cell} AS REAL)` : raw(cell > 0 ? '9e999' : '-9e999');
  if (cell instanceof Uint8Array)
    return raw(`x'${hexOf(cell)}'`);
  if (cell instanceof LocalReference)
    throw new Error('A reference that only central can translate is not stored.');
  return cell.includes('\0') ? raw(`CAST(x'${hexOf(new TextEncoder().encode(cell))}' AS TEXT)`) : sql`${cell}`;
}

/** The expression that renders a column so that every driver hands it on without loss; read by `ofTagged`. 'R' is a double that SQLite's own printing would change: it is read by itself. */
export function cellExpression(column: string): string {
  const real = `CASE WHEN ${column} = 0 OR abs(${column}) BETWEEN 1e-40 AND 1e40 THEN 'r' || printf('%!.20g', ${column}) ELSE 'R' END`;
  return `CASE typeof(${column}) WHEN 'text' THEN 's' || ${column} WHEN 'integer' THEN 'i' || ${column} WHEN 'real' THEN ${real} WHEN 'blob' THEN 'x' || hex(${column}) END`;
}
