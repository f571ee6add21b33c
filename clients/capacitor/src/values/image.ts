import { SyncError } from '../syncError.js';
import { bytesOfHex, hexOf, LocalReference, realText, type Cell } from './cell.js';

/**
 * A row image as the queue and the journal keep it: `{"name":"sTea","price":"r2.5","stock":7,"photo":"x89504E47","note":null}`. Tables of more than 45 columns are an array of such objects.
 */
export type Image = Map<string, Cell>;

// Whole numbers beyond 2^53 would be rounded by JSON.parse: they are put into quotation marks first, outside of texts.
const tokens = /"(?:[^"\\]|\\.)*"|-?\d{16,}/gs;

export function readImage(json: string): Image {
  const parsed: unknown = JSON.parse(json.replace(tokens, token => (token[0] === '"' ? token : `"i${token}"`)));
  const image: Image = new Map();
  for (const part of Array.isArray(parsed) ? parsed : [parsed]) {
    for (const [name, value] of Object.entries(part as Record<string, unknown>))
      image.set(name.toLowerCase(), ofTagged(value));
  }
  return image;
}

/** The image in the order of the columns; one that it does not know is NULL, because it did not exist when the image was made. */
export function imageRow(json: string, columns: readonly string[]): Cell[] {
  const image = readImage(json);
  return columns.map(c => image.get(c.toLowerCase()) ?? null);
}

export function writeImage(columns: readonly string[], row: readonly Cell[]): string {
  return '{' + columns.map((c, i) => `${JSON.stringify(c)}:${tagged(row[i]!)}`).join(',') + '}';
}

/** A list of values in the same form, as `payflow_tables` keeps the key of the last row that was compared. */
export function writeCells(row: readonly Cell[]): string {
  return '[' + row.map(tagged).join(',') + ']';
}

export function readCells(json: string): Cell[] {
  return (JSON.parse(json.replace(tokens, token => (token[0] === '"' ? token : `"i${token}"`))) as unknown[]).map(ofTagged);
}

export function ofTagged(value: unknown): Cell {
  if (value === null)
    return null;
  if (typeof value === 'number')
    return BigInt(value);
  const text = String(value);
  const rest = text.slice(1);
  switch (text[0]) {
    case 's':
      return rest;
    case 'i':
      return BigInt(rest);
    case 'r':
      return rest === 'Inf' ? Infinity : rest === '-Inf' ? -Infinity : Number(rest);
    case 'x':
      return bytesOfHex(rest);
    case 'l':
      return new LocalReference(rest);
    default:
      throw new SyncError('Protocol', `'${text.slice(0, 40)}' is not a tagged value`, 'Do not write to sync_queue.base; attach the file again to make the queue anew.');
  }
}

function tagged(cell: Cell): string {
  if (cell === null)
    return 'null';
  if (typeof cell === 'bigint')
    return cell.toString();
  if (typeof cell === 'number')
    return `"r${realText(cell)}"`;
  if (typeof cell === 'string')
    return JSON.stringify('s' + cell);
  return cell instanceof LocalReference ? JSON.stringify('l' + cell.key) : `"x${hexOf(cell).toUpperCase()}"`;
}
