import { SyncError } from '../syncError.js';
import type { HostLine } from './hostLine.js';

const longestSilence = 50_000;

/**
 * Holds `GET /api/sync/events` open and calls `changed` with each event: there is something to fetch, or the till should look. Comments are signs of life. A host without it (404) is left alone; a line that
 * breaks is opened again, later each time.
 */
export async function listen(line: HostLine, signal: AbortSignal, changed: () => void, firstPause: number, longestPause: number): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      const answer = await line.open('/api/sync/events', signal, 'text/event-stream');
      await follow(answer, () => {
        failures = 0;
        changed();
      });
    } catch (e) {
      if (signal.aborted || (e instanceof SyncError && !e.isTransient))
        return;
    }
    const pause = Math.min(longestPause, firstPause * 2 ** Math.min(failures, 16)) * (0.7 + 0.6 * Math.random());
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, pause);
      signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
    });
  }
}

// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
async function follow(answer: Response, changed: () => void): Promise<void> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let piece = await readOrGiveUp(reader); piece !== undefined && !piece.done; piece = await readOrGiveUp(reader)) {
    const blocks = (rest + piece.value).replaceAll('\r\n', '\n').split('\n\n');
    rest = blocks.pop()!;
    if (blocks.some(b => b.split('\n').some(l => l.startsWith('data:') || l.startsWith('event:'))))
      changed();
  }
}

// The host gives a sign of life every 20 seconds; a line that is silent for longer is dead, and nobody says so.
async function readOrGiveUp(reader: ReadableStreamDefaultReader<string> | undefined): Promise<ReadableStreamReadResult<string> | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<undefined>(resolve => (timer = setTimeout(() => resolve(undefined), longestSilence)));
  try {
    const piece = await Promise.race([reader?.read(), silence]);
    if (piece === undefined)
      await reader?.cancel();
    return piece;
  } finally {
    clearTimeout(timer);
  }
}
