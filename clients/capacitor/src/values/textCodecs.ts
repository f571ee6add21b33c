import { bytesOfHex, cellText, hexOf, type Cell } from './cell.js';
import { Codec, type Stored } from './codec.js';

export class UuidCodec extends Codec {
  protected override store(neutral: Cell): Stored {
    const uuid = /BLOB/i.test(this.plan.terminal.type) && this.affinity === 'None' ? uuidOf(neutral) : null;
    return uuid === null ? this.storeText(cellText(neutral)) : { value: bytesOfHex(uuid.replaceAll('-', '')) };
  }

  protected override neutralize(stored: Cell): Cell {
    return uuidOf(stored) ?? stored;
  }

  protected override meansTheSame(a: Cell, b: Cell): boolean {
    const uuid = uuidOf(a);
    return uuid !== null && uuid === uuidOf(b);
  }
}

// With or without hyphens, in braces, or as 16 bytes.
function uuidOf(value: Cell): string | null {
  let hex = '';
  if (value instanceof Uint8Array) {
    hex = value.length === 16 ? hexOf(value) : '';
  } else if (typeof value === 'string') {
    const text = value.trim().toLowerCase();
    const match = /^(?:\{([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}|([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|([0-9a-f]{32}))$/.exec(text);
    hex = (match?.[1] ?? match?.[2] ?? match?.[3] ?? '').replaceAll('-', '');
  }
  return hex === '' ? null : [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export class JsonCodec extends Codec {
  protected override meansTheSame(a: Cell, b: Cell): boolean {
    // JSON.parse rounds longer numbers: unsure is different, and what is different is written.
    if (a instanceof Uint8Array || b instanceof Uint8Array || /\d{16}/.test(cellText(a) + ' ' + cellText(b)))
      return false;
    try {
      return canonical(JSON.parse(cellText(a))) === canonical(JSON.parse(cellText(b)));
    } catch (e) {
      if (e instanceof SyntaxError)
        return false;
      throw e;
    }
  }
}

// Objects have no order.
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part);
}

export class TextCodec extends Codec {
  private get isFixed(): boolean {
    return this.plan.central.logical === 'FixedText';
  }

  protected override neutralize(stored: Cell): Cell {
    return this.isFixed && typeof stored === 'string' ? stored.replace(/ +$/, '') : stored;
  }

  protected override meansTheSame(a: Cell, b: Cell): boolean {
    const meaning = (cell: Cell): string => (this.isFixed ? cellText(cell).replace(/ +$/, '') : cellText(cell));
    return !(a instanceof Uint8Array) && !(b instanceof Uint8Array) && meaning(a) === meaning(b);
  }
}
