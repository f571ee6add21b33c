import { realText, type Cell } from './cell.js';

const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const largestExponent = 200_000;

/** A decimal number of any length, exactly as it was written: `digits × 10^-scale`, without zeros at either end. */
export class ExactDecimal {
  private constructor(readonly digits: bigint, readonly scale: number, readonly writtenScale: number) {}

  /** The text is spelled as a number, however large. */
  static isNumber(text: string): boolean {
    const match = form.exec(trimmed(text));
    return match !== null && (match[2] + (match[3] ?? '')).length > 0;
  }

  static parse(text: string): ExactDecimal | null {
    const match = form.exec(trimmed(text));
    if (match === null)
      return null;
    const [, sign, whole = '', fraction = '', power = '0'] = match;
    const exponent = Number(power);
    if (whole.length + fraction.length === 0 || Math.abs(exponent) > largestExponent)
      return null;
    const value = BigInt(whole + fraction);
    const scale = fraction.length - exponent;
    return ExactDecimal.normal(sign === '-' ? -value : value, scale, Math.max(0, scale));
  }

  /** The number that a value spells, if it spells one. */
  static read(cell: Cell): ExactDecimal | null {
    if (typeof cell === 'bigint')
      return ExactDecimal.normal(cell, 0, 0);
    if (typeof cell === 'number')
      return Number.isFinite(cell) ? ExactDecimal.parse(realText(cell)) : null;
    return typeof cell === 'string' ? ExactDecimal.parse(cell) : null;
  }

  equals(other: ExactDecimal): boolean {
    return this.digits === other.digits && this.scale === other.scale;
  }

  plus(other: ExactDecimal): ExactDecimal {
    const scale = Math.max(this.scale, other.scale);
    return ExactDecimal.normal(this.scaled(scale) + other.scaled(scale), scale, Math.max(this.writtenScale, other.writtenScale));
  }

  negated(): ExactDecimal {
    return new ExactDecimal(-this.digits, this.scale, this.writtenScale);
  }

  /** As a 64-bit integer; null when it is none. */
  toInteger(): bigint | null {
    if (this.scale > 0 || this.scale < -19)
      return null;
    const whole = this.scaled(0);
    return BigInt.asIntN(64, whole) === whole ? whole : null;
  }

  /** Spelled out, without an exponent. */
  toString(): string {
    const sign = this.digits < 0n ? '-' : '';
    const digits = (this.digits < 0n ? -this.digits : this.digits).toString() + '0'.repeat(Math.max(0, -this.scale));
    if (this.scale <= 0)
      return sign + digits;
    const padded = digits.padStart(this.scale + 1, '0');
    return `${sign}${padded.slice(0, -this.scale)}.${padded.slice(-this.scale)}`;
  }

  /** With as many digits after the point as were written. */
  toWrittenString(): string {
    const text = this.toString();
    const missing = this.writtenScale - Math.max(0, this.scale);
    return missing <= 0 ? text : (this.scale > 0 ? text : text + '.') + '0'.repeat(missing);
  }

  private static normal(digits: bigint, scale: number, writtenScale: number): ExactDecimal {
    if (digits === 0n)
      return new ExactDecimal(0n, 0, writtenScale);
    let [value, left] = [digits, scale];
    const zeros = /0*$/.exec(value.toString())![0].length;
    if (zeros > 0) {
      value /= 10n ** BigInt(zeros);
      left -= zeros;
    }
    return new ExactDecimal(value, left, writtenScale);
  }

  private scaled(scale: number): bigint {
    return this.digits * 10n ** BigInt(scale - this.scale);
  }
}

function trimmed(text: string): string {
  return text.replace(/^[ \t\r\n\f\v]+|[ \t\r\n\f\v]+$/g, '');
}
