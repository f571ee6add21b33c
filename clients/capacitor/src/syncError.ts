/** The codes that the host and the till's own file speak of; the same names as the .NET engine's. */
export type SyncErrorCode =
  | 'InvalidConfiguration' | 'SchemaMismatch' | 'IdentityMismatch' | 'TerminalUnavailable' | 'CentralUnavailable'
  | 'NotPermitted' | 'Busy' | 'Protocol' | 'TooLarge' | (string & {});

export interface SyncErrorDetails {
  /** It may be tried again without anybody's help. */
  isTransient?: boolean;
  terminal?: string;
  table?: string;
  key?: string;
  /** What the host asks for before the next attempt, in seconds. */
  retryAfter?: number;
  cause?: unknown;
}

/** What a user of the till can meet: what happened, and what to do about it. */
export class SyncError extends Error {
  readonly code: SyncErrorCode;
  readonly hint: string | undefined;
  readonly isTransient: boolean;
  readonly terminal: string | undefined;
  readonly table: string | undefined;
  readonly key: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(code: SyncErrorCode, message: string, hint?: string, details: SyncErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'SyncError';
    this.code = code;
    this.hint = hint;
    this.isTransient = details.isTransient ?? false;
    this.terminal = details.terminal;
    this.table = details.table;
    this.key = details.key;
    this.retryAfter = details.retryAfter;
  }
}
