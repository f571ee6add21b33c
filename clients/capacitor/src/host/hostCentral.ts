import { parsePosition, type LogPosition } from '../file/position.js';
import type { SyncPlan, TableSchema } from '../plan.js';
import { SyncError } from '../syncError.js';
import type { Cell } from '../values/cell.js';
import { ChangeChecksum } from '../values/checksum.js';
import { ofWire, toWire } from '../values/wire.js';
import type { HostLine } from './hostLine.js';
import type { Batch, ChangePage, Decision, DownloadedRow, OpenAnswer, OpenRequest, RowChange, RowOutcome, RunReport, UploadResult } from './messages.js';
import { writeToken } from './syncToken.js';

/** What a host takes that does not say it; and the part of a batch that is not its rows: names of tables and columns. */
const usualUpload = 96 << 20;
const frame = 64 << 10;

type Json = Record<string, unknown>;

/** A till with hundreds of tables has a token that no server takes in an address. */
const longestToken = 2_000;

export type Welcome = Omit<OpenAnswer, 'plan' | 'schemaNeeded'> & { plan: SyncPlan };

/** Central as the till sees it: by way of the host (docs/protocol.md). Remembers the plan, so that an idle run sends little. */
export class HostCentral {
  private run = '';
  private plan: SyncPlan | null = null;
  private planId: string | undefined;
  private schemaVersion: string | null = null;
  private most = usualUpload - frame;
  private refused: number | null = null;
  private fits: number | null = null;

  constructor(private readonly line: HostLine) {}

  async open(request: Omit<OpenRequest, 'schemaVersion' | 'knownPlan' | 'schema'>, schema: TableSchema[]): Promise<Welcome> {
    const version = versionOf(schema);
    this.run = request.runId;
    const ask = async (withSchema: boolean): Promise<OpenAnswer> => {
      const body: OpenRequest = { ...request, schemaVersion: version, ...(withSchema ? { schema } : {}), ...(this.planId === undefined ? {} : { knownPlan: this.planId }) };
      return (await this.line.post('/api/sync/open', null, body)) as OpenAnswer;
    };
    let answer = await ask(version !== this.schemaVersion);
    if (answer.schemaNeeded)
      answer = await ask(true);
    this.schemaVersion = version;
    this.most = Math.max(frame, (answer.maxUpload ?? usualUpload) - frame);
    if (answer.plan !== undefined)
      [this.plan, this.planId] = [answer.plan, answer.planId];
    if (this.plan === null || this.planId !== answer.planId)
      throw new SyncError('Protocol', 'The host names a plan that it did not send', 'It is asked again by itself. If it stays, update this app.', { isTransient: true });
    return { ...answer, plan: this.plan };
  }

  async advance(from: number, to: number, nonce: string): Promise<void> {
    await this.line.post('/api/sync/advance', this.run, { from, to, nonce });
  }

  /** How long all rows of a batch may be together, as `lengthOf` counts. */
  get longestBatch(): number {
    return Math.min(this.most, this.fits ?? this.most);
  }

  /** How long a row may be that goes alone. */
  get longestRow(): number {
    return Math.min(this.most, this.refused === null ? this.most : this.refused - 1);
  }

  /** How long a row is on its way to the host. */
  lengthOf(row: RowChange): number {
    return new TextEncoder().encode(JSON.stringify(rowToWire(row))).length;
  }

  async upload(batch: Batch): Promise<UploadResult> {
    const sections = batch.sections.map(s => ({ ...s, rows: s.rows.map(rowToWire) }));
    try {
      return resultOf(await this.line.post('/api/sync/upload', this.run, { ...batch, sections, checksum: checksumOfBatch(batch) }));
    } catch (e) {
      if (!(e instanceof SyncError) || e.code !== 'TooLarge' || !this.learn(batch))
        throw e;
      throw new SyncError('TooLarge', e.message, 'It is sent again in smaller batches by itself.', { isTransient: true, cause: e });
    }
  }

  // Something before the host takes less than the host does, or the host was given another limit since the run began. What refuses so little refuses everything, and no row is to blame.
  private learn(batch: Batch): boolean {
    const rows = batch.sections.flatMap(s => s.rows);
    const length = rows.reduce((n, r) => n + this.lengthOf(r), 0);
    if (length < frame)
      return false;
    // Half of it may go together. A row that is longer than that is tried alone before it is given up: only what was refused is known to be too long.
    this.refused = Math.min(this.refused ?? length, length);
    this.fits = Math.min(this.fits ?? length, length / 2);
    return true;
  }

  /** What became of a batch; null when central never applied it. */
  async findResult(batch: string): Promise<UploadResult | null> {
    const answer = (await this.line.get(`/api/sync/result?batch=${batch}`, this.run)) as { result?: unknown };
    return answer.result === undefined || answer.result === null ? null : resultOf(answer.result);
  }

  async decisions(rows: readonly { table: string; key: string }[]): Promise<Decision[]> {
    return ((await this.line.post('/api/sync/decisions', this.run, rows)) as Json[]).map(d => ({
      row: d['row'] as Decision['row'],
      state: d['state'] as Decision['state'],
      conflict: (d['conflict'] as number | undefined) ?? 0,
      values: cellsOf(d['values']),
      decidedUpon: d['decidedUpon'] === undefined ? null : new Map(Object.entries(d['decidedUpon'] as Json).map(([c, v]) => [c.toLowerCase(), ofWire(v)])),
      fields: (d['fields'] as string[] | undefined) ?? [],
      serverKey: (d['serverKey'] as string | undefined) ?? null,
      wasDelivered: d['wasDelivered'] === true,
    }));
  }

  async delivered(conflicts: readonly number[]): Promise<void> {
    await this.line.post('/api/sync/delivered', this.run, { conflicts });
  }

  async position(): Promise<LogPosition> {
    return parsePosition(((await this.line.get('/api/sync/position', this.run)) as { position: string }).position);
  }

  /** A piece of a whole table in key order, behind a key. */
  async rows(table: string, after: string | null, limit: number): Promise<{ rows: DownloadedRow[]; isLast: boolean }> {
    return intact((await this.line.post('/api/sync/rows', this.run, { table, ...(after === null ? {} : { after }), limit })) as Json);
  }

  /** Rows as they are now. */
  async fetch(table: string, keys: readonly string[]): Promise<DownloadedRow[]> {
    const rows: DownloadedRow[] = [];
    // Fewer than were asked for come when they are large.
    for (let isLast = keys.length === 0; !isLast;) {
      const piece = intact((await this.line.post('/api/sync/fetch', this.run, { table, keys: keys.slice(rows.length) })) as Json);
      rows.push(...piece.rows);
      isLast = piece.isLast || piece.rows.length === 0;
    }
    if (rows.length !== keys.length)
      throw damaged('An answer with rows by their keys');
    return rows;
  }

  async download(tables: ReadonlyMap<string, LogPosition>, limit: number, includeOwn: boolean): Promise<ChangePage> {
    const token = writeToken(tables);
    const answer = token.length > longestToken
      ? await this.line.post('/api/sync/download', this.run, { token, limit, own: includeOwn })
      : await this.line.get(`/api/sync/download?token=${token}&limit=${limit}${includeOwn ? '&own=true' : ''}`, this.run);
    return pageOf((answer as { page: Json }).page);
  }

  async close(report: RunReport): Promise<void> {
    await this.line.post('/api/sync/close', this.run, report);
    // What was in the way may have been put right: the next run tries again.
    if (report.error === undefined)
      [this.refused, this.fits] = [null, null];
  }
}

// A version by content: equal for equal tables.
function versionOf(schema: TableSchema[]): string {
  const text = JSON.stringify(schema);
  return `ts-${new ChangeChecksum().text(text).value}-${text.length}`;
}

/** What is null or 0 at the end is left out. */
function rowToWire(row: RowChange): unknown[] {
  const parts: unknown[] = [row.key, row.values?.map(toWire) ?? null, row.base?.map(toWire) ?? null, row.serverKey, row.attempts];
  while (parts.length > 1 && (parts.at(-1) === null || parts.at(-1) === 0))
    parts.pop();
  return parts;
}

function cellsOf(value: unknown): Cell[] | null {
  return Array.isArray(value) ? value.map(ofWire) : null;
}

function rowOf(row: unknown): DownloadedRow {
  const [key, values] = row as [string, unknown];
  return { key, values: cellsOf(values) };
}

function resultOf(answer: unknown): UploadResult {
  const result = answer as { batchId: string; sections: (Json & { outcomes?: Json[] })[] };
  return {
    batchId: result.batchId,
    sections: result.sections.map(s => ({ ...s, outcomes: (s.outcomes ?? []).map(outcomeOf) })) as unknown as UploadResult['sections'],
  };
}

function outcomeOf(outcome: Json): RowOutcome {
  const { central, ...rest } = outcome;
  const cells = cellsOf(central);
  return { ...(rest as unknown as RowOutcome), ...(cells === null ? {} : { central: cells }) };
}

function checksumOfBatch(batch: Batch): string {
  const seen = parsePosition(batch.seen);
  const sum = new ChangeChecksum().uuid(batch.id).uuid(batch.runId).integer(seen.generation).integer(seen.transaction).integer(seen.entry).flag(batch.isRestored).flag(false).word(batch.sections.length);
  for (const s of batch.sections) {
    sum.text(s.table).text(null).flag(s.isBootstrap).flag(s.isLinkOnly).flag(s.baseUnknown).flag(s.isLinked).word(s.columns.length);
    s.columns.forEach(c => sum.text(c));
    sum.word(s.rows.length);
    for (const row of s.rows)
      sum.text(row.key).text(row.serverKey).row(row.values).row(row.base);
  }
  return sum.value;
}

function intact(answer: Json): { rows: DownloadedRow[]; isLast: boolean } {
  const rows = (answer['rows'] as unknown[]).map(rowOf);
  const sum = new ChangeChecksum();
  for (const row of rows)
    sum.text(row.key).row(row.values);
  if (sum.value !== answer['checksum'])
    throw damaged('A piece of a table');
  return { rows, isLast: answer['isLast'] === true };
}

function pageOf(json: Json): ChangePage {
  const page: ChangePage = {
    tables: Object.fromEntries(Object.entries((json['tables'] ?? {}) as Record<string, unknown[]>).map(([t, rows]) => [t, rows.map(rowOf)])),
    reload: (json['reload'] ?? {}) as Record<string, boolean>,
    next: json['next'] as string,
    entries: json['entries'] as number,
    isLast: json['isLast'] === true,
    isHeldBack: json['isHeldBack'] === true,
  };
  const next = parsePosition(page.next);
  const sum = new ChangeChecksum().integer(next.generation).integer(next.transaction).integer(next.entry).word(page.entries).flag(page.isLast).flag(page.isHeldBack);
  sum.word(Object.keys(page.reload).length);
  for (const table of Object.keys(page.reload).sort())
    sum.text(table).flag(page.reload[table]!);
  sum.word(Object.keys(page.tables).length);
  for (const table of Object.keys(page.tables).sort()) {
    sum.text(table).word(page.tables[table]!.length);
    for (const row of page.tables[table]!)
      sum.text(row.key).row(row.values);
  }
  if (sum.value !== json['checksum'])
    throw damaged('A page of changes');
  return page;
}

function damaged(what: string): SyncError {
  return new SyncError('Protocol', `${what} was damaged on its way from central`, 'Nothing of it was written; it is read again by itself.', { isTransient: true });
}
