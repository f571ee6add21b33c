/** Microseconds since 2000-01-01; 'infinity' and '-infinity' are the ends. */
export type Microseconds = bigint | 'infinity' | '-infinity';

export interface ParsedInstant {
  microseconds: Microseconds;
  /** The same with the zone left out. */
  local: Microseconds;
  /** Nothing was rounded. */
  isExact: boolean;
}

export const microsecondsPerDay = 86_400_000_000n;
export const epochMicroseconds = 946_684_800_000_000n;

const date = /^(\d{4,7})-(\d\d)-(\d\d)/;
const clock = /^(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?/;
const largestDay = 106_751_990n;

export function parseInstant(written: string): ParsedInstant | null {
  let text = written.trim();
  if (/^-?infinity$/i.test(text)) {
    const end = text[0] === '-' ? '-infinity' : 'infinity';
    return { microseconds: end, local: end, isExact: true };
  }
  const isBeforeChrist = / BC$/i.test(text);
  if (isBeforeChrist)
    text = text.slice(0, -3);
  const day = date.exec(text);
  if (day === null)
    return null;
  const [year, month, dayOfMonth] = [Number(day[1]), Number(day[2]), Number(day[3])];
  const astronomical = isBeforeChrist ? 1 - year : year;
  if (year === 0 || month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > daysInMonth(astronomical, month))
    return null;
  const days = BigInt(daysOf(astronomical, month, dayOfMonth));
  if (days > largestDay || days < -largestDay)
    return null;
  text = text.slice(day[0].length);
  if (text === '')
    return { microseconds: days * microsecondsPerDay, local: days * microsecondsPerDay, isExact: true };
  if (!/^[Tt ]/.test(text))
    return null;
  const time = takeTime(text.slice(1));
  const offset = time && offsetOf(time.rest);
  if (!time || offset === null)
    return null;
  const local = days * microsecondsPerDay + time.microseconds;
  return { microseconds: local - BigInt(offset) * 1_000_000n, local, isExact: time.isExact };
}

/** A time of day in microseconds; null when the text is none, or not exact. */
export function parseTime(text: string): bigint | null {
  const time = takeTime(text.trim());
  return time && time.rest === '' && time.isExact ? time.microseconds : null;
}

export function timestampText(microseconds: Microseconds, isZulu: boolean, separator = 'T'): string {
  if (typeof microseconds === 'string')
    return microseconds;
  let days = microseconds / microsecondsPerDay;
  let time = microseconds % microsecondsPerDay;
  if (time < 0n) {
    days--;
    time += microsecondsPerDay;
  }
  const [text, era] = dayText(Number(days));
  return `${text}${separator}${timeText(time)}${isZulu ? 'Z' : ''}${era}`;
}

export function dateText(microseconds: Microseconds): string {
  return typeof microseconds === 'string' ? microseconds : dayText(Number(microseconds / microsecondsPerDay)).join('');
}

export function timeText(microseconds: bigint): string {
  const seconds = Number(microseconds / 1_000_000n);
  const fraction = (microseconds % 1_000_000n).toString().padStart(6, '0').replace(/0+$/, '');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${fraction === '' ? '' : '.' + fraction}`;
}

function takeTime(text: string): { microseconds: bigint; isExact: boolean; rest: string } | null {
  const match = clock.exec(text);
  if (match === null)
    return null;
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  const digits = match[4] ?? '';
  const fraction = Number(digits.slice(0, 6).padEnd(6, '0')) + (digits.length > 6 && digits[6]! >= '5' ? 1 : 0);
  const microseconds = BigInt((hour * 60 + minute) * 60 + second) * 1_000_000n + BigInt(fraction);
  if (hour > 24 || minute > 59 || second > 59 || microseconds > microsecondsPerDay)
    return null;
  return { microseconds, isExact: /^0*$/.test(digits.slice(6)), rest: text.slice(match[0].length) };
}

// The zone's seconds east of Greenwich; null when it is not understood.
function offsetOf(zone: string): number | null {
  const text = zone.replace(/^ +/, '');
  if (text === '' || text === 'Z' || text === 'z' || text === 'UTC')
    return 0;
  const match = /^([+-])(\d\d)(?::?(\d\d)(?::?(\d\d))?)?$/.exec(text);
  if (match === null)
    return null;
  const [hours, minutes, seconds] = [Number(match[2]), Number(match[3] ?? 0), Number(match[4] ?? 0)];
  return hours > 15 || minutes > 59 || seconds > 59 ? null : (match[1] === '-' ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2)
    return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

// A year that begins in March has its leap day at the end, and needs no table of months.
function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 730_425;
}

function dayText(days: number): [string, string] {
  const z = days + 730_425;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const written = (year <= 0 ? 1 - year : year).toString().padStart(4, '0');
  return [`${written}-${two(month)}-${two(dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1)}`, year <= 0 ? ' BC' : ''];
}

function two(value: number): string {
  return value.toString().padStart(2, '0');
}
