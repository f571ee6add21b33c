import { LocalReference, type Cell } from './cell.js';
import { bitsOf } from './wire.js';

const seed = 0x9e3779b97f4a7c15n;
const factor = 0xd6e8feb86659fd93n;
const mask = 0xffffffffffffffffn;

function mix(hash: bigint, value: bigint): bigint {
  const product = (hash ^ value) * factor;
  const folded = (product >> 64n) ^ (product & mask);
  return ((((folded << 23n) | (folded >> 41n)) & mask) + seed) & mask;
}

function bytes(hash: bigint, data: Uint8Array): bigint {
  const padded = new Uint8Array(Math.ceil(data.length / 8) * 8);
  padded.set(data);
  const view = new DataView(padded.buffer);
  let result = mix(hash, BigInt(data.length));
  for (let i = 0; i < padded.length; i += 8)
    result = mix(result, view.getBigUint64(i, true));
  return result;
}

function utf16(text: string): Uint8Array {
  const data = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    data[2 * i] = text.charCodeAt(i) & 0xff;
    data[2 * i + 1] = text.charCodeAt(i) >> 8;
  }
  return data;
}

function cellHash(hash: bigint, cell: Cell): bigint {
  if (cell === null)
    return mix(hash, 1n);
  if (typeof cell === 'bigint')
    return mix(mix(hash, 2n), BigInt.asUintN(64, cell));
  if (typeof cell === 'number')
    return mix(mix(hash, 3n), cell === 0 ? 0n : bitsOf(cell));
  if (typeof cell === 'string')
    return bytes(mix(hash, 4n), utf16(cell));
  return cell instanceof LocalReference ? bytes(mix(hash, 6n), utf16(cell.key)) : bytes(mix(hash, 5n), cell);
}

/** Sixty-four bits by which the journal recognises a row as the one that was written; the same as the .NET engine's, because it is kept in files. */
export function rowHash(row: readonly Cell[]): bigint {
  return row.reduce<bigint>(cellHash, seed);
}
