import { LocalReference, type Cell } from './cell.js';
import { bitsOf } from './wire.js';

// CRC-32C (RFC 3720, appendix B.4), reflected.
const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++)
    c = c & 1 ? 0x82f63b78 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crcWord(crc: number, low: number, high: number): number {
  let c = crc ^ low;
  for (let i = 0; i < 4; i++)
    c = table[c & 0xff]! ^ (c >>> 8);
  c ^= high;
  for (let i = 0; i < 4; i++)
    c = table[c & 0xff]! ^ (c >>> 8);
  return c >>> 0;
}

/** The number by which a value's class goes into the sum. */
const enum Kind { Null = 0, Integer = 1, Real = 2, Text = 3, Blob = 4, LocalReference = 5, Name = 0xf0 }

/**
 * The checksum of what travels (docs/protocol.md, "Checksums"): two CRC-32C lanes that change places with every word of 8 bytes. Against damage, not against forgery.
 */
export class ChangeChecksum {
  private even = 0xffffffff;
  private odd = 0x5eed5eed;

  get value(): string {
    return this.even.toString(16).padStart(8, '0') + this.odd.toString(16).padStart(8, '0');
  }

  word(low: number, high = 0): this {
    const next = crcWord(this.even, low, high);
    this.even = this.odd;
    this.odd = next;
    return this;
  }

  integer(value: bigint): this {
    return this.word(Number(value & 0xffffffffn), Number((value >> 32n) & 0xffffffffn));
  }

  flag(value: boolean): this {
    return this.word(value ? 1 : 0);
  }

  text(value: string | null | undefined): this {
    return value === null || value === undefined ? this.word(0xffffffff, 0xffffffff) : this.chars(value, Kind.Name);
  }

  cell(cell: Cell): this {
    if (cell === null)
      return this.word(Kind.Null);
    if (typeof cell === 'bigint')
      return this.word(Kind.Integer).integer(cell);
    if (typeof cell === 'number')
      return this.word(Kind.Real).integer(bitsOf(cell));
    if (typeof cell === 'string')
      return this.chars(cell, Kind.Text);
    return cell instanceof LocalReference ? this.chars(cell.key, Kind.LocalReference) : this.bytes(cell);
  }

  row(row: readonly Cell[] | null): this {
    if (row === null)
      return this.word(0xffffffff, 0xffffffff);
    this.word(row.length);
    for (const cell of row)
      this.cell(cell);
    return this;
  }

  uuid(uuid: string): this {
    // The first three groups count as little-endian numbers (RFC 4122's variant of Windows).
    const b = uuid.replaceAll('-', '').match(/../g)!.map(h => parseInt(h, 16));
    const at = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map(i => b[i]!);
    const part = (i: number): number => (at[i]! | (at[i + 1]! << 8) | (at[i + 2]! << 16) | (at[i + 3]! << 24)) >>> 0;
    return this.word(part(0), part(4)).word(part(8), part(12));
  }

  private begin(kind: Kind, length: number): void {
    // kind | length << 8, in 64 bits.
    this.word((kind | (length << 8)) >>> 0, Math.floor(length / 0x1000000));
  }

  // Texts count as UTF-16.
  private chars(text: string, kind: Kind): this {
    this.begin(kind, text.length * 2);
    const at = (i: number): number => (i < text.length ? text.charCodeAt(i) : 0);
    for (let i = 0; i < text.length; i += 4)
      this.word((at(i) | (at(i + 1) << 16)) >>> 0, (at(i + 2) | (at(i + 3) << 16)) >>> 0);
    return this;
  }

  private bytes(bytes: Uint8Array): this {
    this.begin(Kind.Blob, bytes.length);
    const at = (i: number): number => bytes[i] ?? 0;
    for (let i = 0; i < bytes.length; i += 8)
      this.word((at(i) | (at(i + 1) << 8) | (at(i + 2) << 16) | (at(i + 3) << 24)) >>> 0, (at(i + 4) | (at(i + 5) << 8) | (at(i + 6) << 16) | (at(i + 7) << 24)) >>> 0);
    return this;
  }
}
