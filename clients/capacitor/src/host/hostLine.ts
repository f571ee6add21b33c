import { SyncError, type SyncErrorCode } from '../syncError.js';
import { sha256 } from '../values/sha256.js';
import { base64 } from '../values/wire.js';

/** One request to a host; `fetch` fits. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface LineOptions {
  /** The host, such as `https://payflow.example.com`. */
  host: string;
  /** The device key; none before the registration. */
  key?: string;
  fetch?: Fetch;
  /** Packs what is worth it; only where the platform can (CompressionStream). */
  compress?: boolean;
  /** How long nothing may come before the line counts as dead, in seconds. */
  timeout?: number;
}

const protocol = '1';
const worthCompressing = 1_024;
const itself = 'What waits is kept in the till; an agent that runs tries again by itself.';

interface Problem {
  code?: string;
  detail?: string;
  hint?: string;
  terminal?: string;
  table?: string;
  key?: string;
  transient?: boolean;
}

/** The line to a host: one request, one answer. Nothing is repeated here: what may be sent again is known to the session alone. */
export class HostLine {
  private readonly fetch: Fetch;

  constructor(readonly options: LineOptions) {
    this.fetch = options.fetch ?? ((url, init) => fetch(url, init));
  }

  get(path: string, run: string): Promise<unknown> {
    return this.send(path, { method: 'GET' }, run);
  }

  async post(path: string, run: string | null, body: unknown): Promise<unknown> {
    const plain = new TextEncoder().encode(JSON.stringify(body));
    const isPacked = this.options.compress !== false && typeof CompressionStream !== 'undefined' && plain.length >= worthCompressing;
    const bytes = isPacked ? new Uint8Array(await new Response(new Blob([plain]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer()) : plain;
    // Of the body as it is sent: what was damaged on its way is found out before it is read.
    const headers = { 'Content-Type': 'application/json', 'Content-Digest': `sha-256=:${base64(sha256(bytes))}:`, ...(isPacked ? { 'Content-Encoding': 'gzip' } : {}) };
    return this.send(path, { method: 'POST', body: bytes, headers }, run);
  }

  /** An answer that comes piece by piece; the caller ends it by the signal. */
  async open(path: string, signal: AbortSignal, accept: string): Promise<Response> {
    const answer = await this.request(path, { method: 'GET', headers: { Accept: accept }, signal }, null);
    if (!answer.ok)
      throw await this.refusal(answer);
    return answer;
  }

  private async send(path: string, init: RequestInit, run: string | null): Promise<unknown> {
    const giveUp = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    // However long it takes in all is nobody's business, as long as something comes.
    const wait = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => giveUp.abort(new DOMException('Nothing came.', 'TimeoutError')), (this.options.timeout ?? 300) * 1000);
    };
    wait();
    try {
      const answer = await this.request(path, { ...init, signal: giveUp.signal }, run);
      if (!answer.ok)
        throw await this.refusal(answer);
      return this.read(await this.textOf(answer, wait));
    } finally {
      clearTimeout(timer);
    }
  }

  private read(text: string): unknown {
    try {
      return text === '' ? undefined : JSON.parse(text);
    } catch (e) {
      throw new SyncError('Protocol', `An answer of ${this.options.host} is not understood: ${e instanceof Error ? e.message : String(e)}`, 'It is asked again by itself. If it stays, look for a proxy that changes answers, and update this app.', { isTransient: true, cause: e });
    }
  }

  private async textOf(answer: Response, came: () => void): Promise<string> {
    try {
      if (answer.body === null)
        return await answer.text();
      const [reader, decoder, pieces] = [answer.body.getReader(), new TextDecoder(), [] as string[]];
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        came();
        pieces.push(decoder.decode(piece.value, { stream: true }));
      }
      return pieces.join('') + decoder.decode();
    } catch (e) {
      throw this.unreachable(e);
    }
  }

  private async request(path: string, init: RequestInit, run: string | null): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('PayFlow-Protocol', protocol);
    if (this.options.key !== undefined)
      headers.set('Authorization', `Device ${this.options.key}`);
    if (run !== null)
      headers.set('PayFlow-Run', run);
    try {
      return await this.fetch(new URL(path, this.options.host).toString(), { ...init, headers, redirect: 'error', credentials: 'omit', cache: 'no-store' });
    } catch (e) {
      throw this.unreachable(e);
    }
  }

  private unreachable(e: unknown): SyncError {
    const cause = e instanceof Error && e.cause instanceof Error ? e.cause : e;
    const reason = e instanceof Error && e.name === 'TimeoutError' ? 'did not answer in time' : `cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`;
    return new SyncError('CentralUnavailable', `The PayFlow host ${this.options.host} ${reason}`, itself, { isTransient: true, cause: e });
  }

  // A problem document (RFC 9457), or the refusal of something before the host.
  private async refusal(answer: Response): Promise<SyncError> {
    const problem = await this.problemOf(answer);
    const after = Number(answer.headers.get('Retry-After'));
    const retryAfter = Number.isFinite(after) && after > 0 ? { retryAfter: after } : {};
    const isPassing = [408, 429, 502, 503, 504].includes(answer.status);
    if (problem?.code === undefined) {
      if (answer.status === 413)
        return new SyncError('TooLarge', `Something before the PayFlow host ${this.options.host} takes no request of this length (413)`, 'Raise the limit of the proxy before the host (nginx: client_max_body_size).');
      return answer.status === 401 || answer.status === 403
        // A host says so in a problem document. Who ends for a firewall's word stays ended when it is long open again.
        ? new SyncError('Protocol', `Something before the PayFlow host ${this.options.host} refuses the way to it (${answer.status})`, 'Look for a proxy, a firewall or a network that wants a sign-in. It is tried again by itself.')
        : new SyncError(isPassing ? 'CentralUnavailable' : 'Protocol', `The PayFlow host ${this.options.host} answered ${answer.status}`, isPassing ? itself : 'Check the address; it must be a PayFlow host that speaks this version of the protocol.', { isTransient: isPassing, ...retryAfter });
    }
    const { code, detail, hint, terminal, table, key } = problem;
    return new SyncError(code as SyncErrorCode, detail ?? `The host refused with ${answer.status}`, hint, {
      isTransient: problem.transient === true || isPassing,
      ...(terminal === undefined ? {} : { terminal }),
      ...(table === undefined ? {} : { table }),
      ...(key === undefined ? {} : { key }),
      ...retryAfter,
    });
  }

  private async problemOf(answer: Response): Promise<Problem | null> {
    if (!(answer.headers.get('Content-Type') ?? '').startsWith('application/problem+json'))
      return null;
    try {
      return (await answer.json()) as Problem;
    } catch {
      // A refusal that was cut off on its way: its status says enough.
      return null;
    }
  }
}
