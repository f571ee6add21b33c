import type { FileIdentity } from '../file/tillFile.js';
import type { Welcome } from '../host/hostCentral.js';
import { SyncError } from '../syncError.js';

export type Identity = 'same' | 'restored-terminal' | 'restored-central';

/** Throws when the file belongs to another central or another registration. */
export function requireSameCentral(state: FileIdentity, welcome: Welcome, file: string): void {
  if (state.centralId !== welcome.centralId)
    throw new SyncError('IdentityMismatch', `${file} belongs to another central (${state.centralId}; this one is ${welcome.centralId})`, "Check the host's address; to move the till for good, begin with a new file.", { terminal: state.terminal });
  if (state.lineage !== welcome.lineage)
    throw new SyncError('IdentityMismatch', `${file} is not the file that is registered as terminal ${state.terminal}`, 'Another file has taken its place: register this one with a code of its own.', { terminal: state.terminal });
}

/** Tells a restored file, a copied one and a restored central apart by a counter that both sides keep, a nonce per step, and the place where the file lies. */
export function judge(state: FileIdentity, welcome: Welcome, file: string, fingerprint: string, acceptMoved: boolean): Identity {
  const verdict = compare(state, welcome, fingerprint);
  if (verdict !== 'copied')
    return verdict;
  if (acceptMoved)
    return 'restored-terminal';
  throw new SyncError(
    'IdentityMismatch',
    `${file} is a copy of the file of terminal ${state.terminal}, which last synced from ${welcome.fingerprint === fingerprint ? 'this place with another history' : welcome.fingerprint}`,
    'If it is a till of its own, begin with a new file and a code of its own. If it is the right file, restored or moved on purpose, sync once with acceptMoved.',
    { terminal: state.terminal },
  );
}

function compare(state: FileIdentity, welcome: Welcome, fingerprint: string): Identity | 'copied' {
  const nonce = welcome.nonce ?? null;
  if (welcome.counter === state.counter)
    return nonce === state.nonce ? 'same' : 'copied';
  // The process died between central's step and the till's own.
  if (nonce !== null && nonce === state.pendingNonce && welcome.counter === state.pendingCounter)
    return 'same';
  if (welcome.counter < state.counter)
    return 'restored-central';
  return welcome.fingerprint === undefined || welcome.fingerprint === fingerprint ? 'restored-terminal' : 'copied';
}
