import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { realText, type Cell, LocalReference } from '../src/values/cell.js';
import { ChangeChecksum } from '../src/values/checksum.js';
import { ExactDecimal } from '../src/values/decimal.js';
import { imageRow, writeImage } from '../src/values/image.js';
import { parseInstant, timestampText } from '../src/values/instant.js';
import { sha256 } from '../src/values/sha256.js';
import { ofWire, toWire } from '../src/values/wire.js';

const cells: Cell[] = [null, 0n, -1n, 9223372036854775807n, -9223372036854775808n, 9007199254740993n, 0.1, -0, Infinity, 5e-324, 1, '', 'a\0b', '𝒳', '\ud800', new Uint8Array([0, 255]), new LocalReference('17')];

test('Every value comes back from the line as it went', () => {
  for (const cell of cells)
    assert.deepEqual(ofWire(JSON.parse(JSON.stringify(toWire(cell)))), cell);
});

test('Every value comes back from an image as it went', () => {
  const names = cells.map((_, i) => `c${i}`);
  assert.deepEqual(imageRow(writeImage(names, cells), names), cells);
});

test('A whole number beyond 53 bits is read from an image exactly, and the digits of a text are left alone', () => {
  assert.deepEqual(imageRow('{"a":9223372036854775807,"b":"s9223372036854775807","c":"s\\"12345678901234567890"}', ['a', 'b', 'c']), [9223372036854775807n, '9223372036854775807', '"12345678901234567890']);
});

test('The checksum is the one of the protocol', () => {
  assert.equal(new ChangeChecksum().value, 'ffffffff5eed5eed');
  assert.notEqual(new ChangeChecksum().cell(1n).value, new ChangeChecksum().cell(1).value);
  assert.notEqual(new ChangeChecksum().text('ab').text('c').value, new ChangeChecksum().text('a').text('bc').value);
});

test('SHA-256 is that of everybody else', () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 1_000])  {
    const bytes = randomBytes(length);
    assert.equal(Buffer.from(sha256(bytes)).toString('hex'), createHash('sha256').update(bytes).digest('hex'));
  }
});

test('Doubles are spelled as the engine spells them', () => {
  const spelled: [number, string][] = [[0.1, '0.1'], [1, '1'], [1e15, '1E+15'], [123456789012345, '123456789012345'], [0.0001, '0.0001'], [0.00001, '1E-05'], [-0, '-0'], [1.7976931348623157e308, '1.7976931348623157E+308']];
  for (const [value, text] of spelled)
    assert.equal(realText(value), text);
});

test('Decimals are exact', () => {
  assert.equal(ExactDecimal.parse('-12.500')!.toWrittenString(), '-12.500');
  assert.ok(ExactDecimal.parse('1.50')!.equals(ExactDecimal.parse('15e-1')!));
  assert.equal(ExactDecimal.parse('0.1')!.plus(ExactDecimal.parse('0.2')!).toString(), '0.3');
});

test('Instants are the same whatever their zone', () => {
  assert.equal(parseInstant('2024-02-29 23:59:59.5+02:00')!.microseconds, parseInstant('2024-02-29T21:59:59.500Z')!.microseconds);
  assert.equal(timestampText(parseInstant('0044-03-15T12:00:00 BC')!.microseconds, false), '0044-03-15T12:00:00 BC');
});
