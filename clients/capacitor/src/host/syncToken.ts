import { comparePositions, positionText, type LogPosition } from '../file/position.js';
import { ChangeChecksum } from '../values/checksum.js';

/**
 * The token of a download, for a till that keeps the places of its tables itself: behind `1.` base64url of a checksum in 16 digits and lines `generation/transaction/entry` TAB `table` TAB `table` …
 */
export function writeToken(tables: ReadonlyMap<string, LogPosition>): string {
  const places = new Map<string, { position: LogPosition; names: string[] }>();
  for (const [table, position] of tables) {
    const known = places.get(positionText(position)) ?? { position, names: [] };
    known.names.push(table);
    places.set(positionText(position), known);
  }
  const text = [...places.values()]
    .sort((a, b) => comparePositions(a.position, b.position))
    .map(p => [positionText(p.position), ...p.names.sort().map(encodeURIComponent)].join('\t') + '\n')
    .join('');
  const sum = new ChangeChecksum().text(text).value;
  return '1.' + btoa(sum + text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
