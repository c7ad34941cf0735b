import type { BackfillAnswer } from '../../api/schemas/backfill.ts';
import { formatDuration } from '../embedded/progress.ts';

/** The rate is that of so long a time, so that it follows what happens and does not flicker. */
const RATE_OVER_MS = 15_000;
/** Where the output is not a terminal, a line is written so often at most, unless something else than the count changed. */
const PLAIN_EVERY_MS = 15_000;

export interface BackfillProgress {
  /** `nowMs`: by a clock that only goes on. */
  readonly show: (answer: BackfillAnswer, nowMs: number) => void;
  readonly close: () => void;
}

interface Reading {
  readonly atMs: number;
  readonly objectType: string;
  readonly done: number;
}

/** Shows how far a backfill has come: rows of how many, how many a second, and how long it still takes. One line that is repainted; elsewhere lines. */
export function createBackfillProgress(output: { readonly isTTY?: boolean; write(text: string): unknown }): BackfillProgress {
  let readings: readonly Reading[] = [];
  let painted = false;
  let lastPlain = { key: '', atMs: Number.NEGATIVE_INFINITY };
  const clear = (): void => {
    if (painted) output.write('\r\u001b[K');
    painted = false;
  };
  return {
    show(answer, nowMs) {
      const current = answer.objects.find(({ state }) => state !== 'done');
      if (current === undefined) return clear();
      const { objectType, done } = current;
      const recent = readings.filter((reading) => reading.objectType === objectType && nowMs - reading.atMs <= RATE_OVER_MS);
      readings = [...recent, { atMs: nowMs, objectType, done }];
      const line = lineOf(current, rateOf(readings));
      if (output.isTTY === true) {
        clear();
        output.write(line);
        painted = true;
        return;
      }
      const key = `${objectType} ${current.state} ${current.reason ?? ''}`;
      if (key === lastPlain.key && nowMs - lastPlain.atMs < PLAIN_EVERY_MS) return;
      lastPlain = { key, atMs: nowMs };
      output.write(`${line}\n`);
    },
    close: clear,
  };
}

/** Rows a second over the readings; 0 where nothing is known. */
function rateOf(readings: readonly Reading[]): number {
  const [first, last] = [readings[0], readings.at(-1)];
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return 0;
  return ((last.done - first.done) * 1_000) / (last.atMs - first.atMs);
}

function lineOf({ objectType, state, done, total, reason }: BackfillAnswer['objects'][number], rate: number): string {
  if (reason !== null) return `${objectType}s: ${done} read; waits: ${reason}`;
  if (state === 'waiting') return `${objectType}s: waits for a worker`;
  const left = total === null || rate <= 0 ? '' : `, about ${formatDuration((Math.max(0, total - done) / rate) * 1_000)} left`;
  const of = total === null ? '' : ` of ${total}`;
  return `${objectType}s: ${done}${of} read${rate <= 0 ? '' : `, ${Math.round(rate)} a second${left}`}`;
}
