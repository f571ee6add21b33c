import Database from 'libsql';
import { createInterface } from 'node:readline';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { NodeDriver, type SynchronousSqlite } from '../src/drivers/node.js';
import { SyncError, Till, type CredentialStore, type DeviceCredentials } from '../src/index.js';

/**
 * One till that is told what to do, a line of JSON a time: `{"do":"open","file":…,"host":…}`, `{"do":"register","code":…}`, `{"do":"sync","die":STEP,"lose":PATH}`, `{"do":"close"}`. Each is answered by one line.
 * `die` ends the process at a step of a run as a power cut would; `lose` throws the first answer from that path away.
 */
interface Command {
  do: 'open' | 'register' | 'sync' | 'close';
  file?: string;
  host?: string;
  code?: string;
  die?: string;
  lose?: string;
}

let till: Till | null = null;
let die: string | undefined;
let lose: string | undefined;

class FileCredentials implements CredentialStore {
  constructor(private readonly path: string) {}

  async read(): Promise<DeviceCredentials | null> {
    return existsSync(this.path) ? (JSON.parse(readFileSync(this.path, 'utf8')) as DeviceCredentials) : null;
  }

  async write(credentials: DeviceCredentials): Promise<void> {
    writeFileSync(this.path + '.new', JSON.stringify(credentials), { mode: 0o600 });
    renameSync(this.path + '.new', this.path);
  }
}

async function fetchOrLose(url: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, init);
  if (lose === undefined || new URL(url).pathname !== lose)
    return answer;
  lose = undefined;
  await answer.arrayBuffer();
  throw new TypeError('The answer is lost.');
}

async function carryOut(command: Command): Promise<unknown> {
  switch (command.do) {
    case 'open':
      till = await Till.open({
        host: command.host!,
        driver: new NodeDriver(command.file!, new Database(command.file!) as unknown as SynchronousSqlite),
        credentials: new FileCredentials(command.file! + '.payflow-client'),
        fetch: fetchOrLose,
        sync: { attempts: 4, pause: 20, step: name => { if (name === die) process.kill(process.pid, 'SIGKILL'); } },
      });
      return {};
    case 'register':
      return { terminal: await till!.register(command.code!) };
    case 'sync': {
      [die, lose] = [command.die, command.lose];
      const report = await till!.sync();
      return { status: report.status, warnings: report.warnings };
    }
    case 'close':
      await till!.close();
      return {};
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer: unknown;
  try {
    answer = await carryOut(JSON.parse(line) as Command);
  } catch (e) {
    console.error(e);
    answer = { error: e instanceof SyncError ? e.code : 'Unknown', message: e instanceof Error ? (e.stack ?? e.message) : String(e) };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
