/** A foreign key that names its parent by the till's own key; central replaces it by way of the link table. */
export class LocalReference {
  constructor(readonly key: string) {}
}

/**
 * One value of one of SQLite's five storage classes: integers are bigint, doubles are number, so that `1n` and `1` are never mixed up.
 */
export type Cell = null | bigint | number | string | Uint8Array | LocalReference;

/** The same storage class and the same bits. */
export function sameCell(a: Cell, b: Cell): boolean {
  if (a instanceof Uint8Array)
    return b instanceof Uint8Array && a.length === b.length && a.every((byte, i) => byte === b[i]);
  if (a instanceof LocalReference)
    return b instanceof LocalReference && a.key === b.key;
  return Object.is(a, b);
}

export function sameRow(a: readonly Cell[], b: readonly Cell[]): boolean {
  return a.length === b.length && a.every((cell, i) => sameCell(cell, b[i]!));
}

/** The value as keys are written: integers and doubles invariant, blobs as `\x0a1b`, NULL as the empty text. */
export function cellText(cell: Cell): string {
  if (cell === null)
    return '';
  if (typeof cell === 'bigint' || typeof cell === 'string')
    return cell.toString();
  if (typeof cell === 'number')
    return realText(cell);
  return cell instanceof Uint8Array ? '\\x' + hexOf(cell) : cell.key;
}

/**
 * A double in the shortest form that reads back to the same bits, spelled as the engine's own side spells it: with an exponent below 1E-04 and from 1E+15 on.
 * A TEXT column keeps this spelling, so it has to be one.
 */
export function realText(value: number): string {
  if (Object.is(value, -0))
    return '-0';
  if (!Number.isFinite(value))
    return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0)
    return '0';
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  if (power >= 15 || power < -4)
    return `${mantissa}E${power < 0 ? '-' : '+'}${Math.abs(power).toString().padStart(2, '0')}`;
  const text = String(value);
  return text.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : text;
}

/** A rough size in memory, to cut batches by. */
export function rowSize(row: readonly Cell[] | null): number {
  let size = 0;
  for (const cell of row ?? [])
    size += 32 + (cell instanceof Uint8Array ? cell.length : typeof cell === 'string' ? 2 * cell.length : 0);
  return size;
}

export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes)
    text += byte.toString(16).padStart(2, '0');
  return text;
}

export function bytesOfHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** The text form of a key: one column is its text, several are a JSON array of texts as SQLite's `json_array` spells it. */
export function keyText(cells: readonly Cell[]): string {
  return cells.length === 1 ? cellText(cells[0]!) : JSON.stringify(cells.map(cellText));
}
