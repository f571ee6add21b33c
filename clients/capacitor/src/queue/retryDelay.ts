/** When a refused row is tried again: the delay doubles from the first to the longest, spread by a fifth either way. */
export interface RetryDelay {
  firstSeconds: number;
  longestSeconds: number;
  /** After so many refusals the row is a dead letter: it stays FAILED and is not tried again by itself. */
  attempts: number;
}

export const usualRetry: RetryDelay = { firstSeconds: 30, longestSeconds: 21_600, attempts: 10 };

/** Null when there is no further attempt. */
export function nextAttempt(retry: RetryDelay, attempts: number, now: Date): Date | null {
  if (attempts >= retry.attempts)
    return null;
  const delay = Math.min(retry.firstSeconds * 2 ** Math.min(attempts - 1, 30), retry.longestSeconds);
  return new Date(now.getTime() + delay * (0.8 + 0.4 * Math.random()) * 1000);
}
