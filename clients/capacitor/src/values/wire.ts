import { SyncError } from '../syncError.js';
import { LocalReference, realText, type Cell } from './cell.js';

/** A value on the line (docs/protocol.md, "Values and rows"). */
export type WireCell = null | number | string;

const largestExact = BigInt(Number.MAX_SAFE_INTEGER);

export function toWire(cell: Cell): WireCell {
  if (cell === null)
    return null;
  if (typeof cell === 'bigint')
    return cell >= -largestExact && cell <= largestExact ? Number(cell) : `i${cell}`;
  if (typeof cell === 'number')
    return Number.isNaN(cell) ? 'n' + bitsOf(cell).toString(16).toUpperCase().padStart(16, '0') : 'r' + realText(cell);
  if (typeof cell === 'string')
    return isUnicode(cell) ? 's' + cell : 'w' + base64(utf16(cell));
  return cell instanceof LocalReference ? 'l' + cell.key : 'b' + base64(cell);
}

export function ofWire(value: unknown): Cell {
  if (value === null)
    return null;
  if (typeof value === 'number' && Number.isSafeInteger(value))
    return BigInt(value);
  if (typeof value !== 'string' || value.length === 0)
    throw notUnderstood(String(value));
  const rest = value.slice(1);
  switch (value[0]) {
    case 's':
      return rest;
    case 'i':
      return BigInt(rest);
    case 'r':
      return Number(rest);
    case 'n':
      return new DataView(Uint8Array.from(rest.match(/../g) ?? [], b => parseInt(b, 16)).buffer).getFloat64(0);
    case 'b':
      return bytesOfBase64(rest);
    case 'l':
      return new LocalReference(rest);
    case 'w':
      return String.fromCharCode(...new Uint16Array(bytesOfBase64(rest).slice().buffer));
    default:
      throw notUnderstood(value);
  }
}

export function bitsOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

function isUnicode(text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}

function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    bytes[2 * i] = text.charCodeAt(i) & 0xff;
    bytes[2 * i + 1] = text.charCodeAt(i) >> 8;
  }
  return bytes;
}

export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000)
    text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

function bytesOfBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), c => c.charCodeAt(0));
}

function notUnderstood(value: string): SyncError {
  return new SyncError('Protocol', `A value is not understood: ${value.slice(0, 40)}`, 'It is asked again by itself. If it stays, update this app.', { isTransient: true });
}
