import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import Database from 'libsql';
import { NodeDriver } from '../src/drivers/node.js';
import { HostLine } from '../src/host/hostLine.js';
import { SyncError } from '../src/syncError.js';
import { Till } from '../src/till.js';

function thin(pieces: string[], pause: number): Response {
  const bytes = new TextEncoder();
  return new Response(new ReadableStream({
    async pull(controller): Promise<void> {
      const piece = pieces.shift();
      if (piece === undefined)
        return controller.close();
      await sleep(pause);
      controller.enqueue(bytes.encode(piece));
    },
  }));
}

test('An answer may take longer than a line may be silent, as long as something comes', async () => {
  const line = new HostLine({ host: 'http://till.example', timeout: 0.4, fetch: async () => thin([...'{"rows":[1,2,3]}'], 50) });
  assert.deepEqual(await line.get('/api/sync/position', 'run'), { rows: [1, 2, 3] });
});

test('A device whose network cannot be watched is kept in step all the same', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'payflow-')), 'till.db');
  const asked: string[] = [];
  const till = await Till.open({
    host: 'http://till.example',
    driver: new NodeDriver(file, new Database(file) as never),
    credentials: { read: async () => ({ host: 'http://till.example', terminal: 'T1', key: 'k' }), write: async () => undefined },
    network: { isConnected: async () => true, watch: async () => { throw new Error('Not on this device.'); } },
    events: false,
    fetch: async url => { asked.push(url); throw new TypeError('There is no line.'); },
    sync: { attempts: 1, pause: 1 },
  });
  till.start();
  while (asked.length === 0)
    await sleep(10);
  await till.close();
  assert.match(asked[0]!, /\/api\/sync\/open$/);
});

test('A line on which nothing comes is given up', async () => {
  const line = new HostLine({ host: 'http://till.example', timeout: 0.2, fetch: (_, init) => new Promise((_, reject) => init.signal!.addEventListener('abort', () => reject(init.signal!.reason as Error))) });
  await assert.rejects(line.get('/api/sync/position', 'run'), (e: SyncError) => e.isTransient && /did not answer in time/.test(e.message));
});

test("Only the host's own word ends a till, and not that of a firewall", async () => {
  const refusal = (type: string) => new HostLine({ host: 'http://till.example', fetch: async () => new Response('{"code":"NotPermitted"}', { status: 403, headers: { 'Content-Type': type } }) }).get('/api/sync/position', 'run');
  await assert.rejects(refusal('text/html'), (e: SyncError) => e.code === 'Protocol' && !e.isTransient);
  await assert.rejects(refusal('application/problem+json'), (e: SyncError) => e.code === 'NotPermitted');
});

test('A file that is locked while the indicator is drawn does not end the app', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'till-')), 'till.db');
  new Database(path).exec('CREATE TABLE orders (id INTEGER PRIMARY KEY)');
  const till = await Till.open({ host: 'http://till.example', driver: new NodeDriver(path, new Database(path), 0), credentials: { read: async () => null, write: async () => undefined } });
  const other = new Database(path);
  other.exec('BEGIN EXCLUSIVE');
  till.nudge();
  await sleep(50);
  other.exec('ROLLBACK');
  await till.close();
});
