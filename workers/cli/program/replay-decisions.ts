import { replayDecision } from '../../../program/replay.ts';
import type { Instant } from '../../../program/vocabulary.ts';
import type { Database } from '../../../store/database.ts';
import { readDecisions } from '../../../store/history.ts';
import type { KnownPrograms } from './known-program.ts';

/** As many differences as are shown and kept in memory; all are counted. */
const SHOWN = 100;

interface Difference {
  readonly registrationId: string;
  readonly programVersion: string;
  readonly decidedAt: Instant;
  /** Null where nobody knows the version any more. */
  readonly path: string | null;
  readonly kept: string | null;
  readonly now: string | null;
}

export interface ReplayReport {
  readonly decisions: number;
  readonly equal: number;
  readonly different: number;
  readonly unknownVersion: number;
  readonly differences: readonly Difference[];
}

/** Reads the decisions page by page; what it holds does not grow with their number. */
export async function replayAll(
  db: Database,
  { byVersion }: Pick<KnownPrograms, 'byVersion'>,
  since: Instant | null,
): Promise<ReplayReport> {
  let [equal, different, unknownVersion] = [0, 0, 0];
  const differences: Difference[] = [];
  const note = (difference: Difference): void => {
    if (differences.length < SHOWN) differences.push(difference);
  };
  for await (const page of readDecisions(db, since)) {
    for (const decision of page) {
      const { registrationId, programVersion, decidedAt } = decision;
      const program = byVersion(programVersion);
      if (program === null) {
        unknownVersion += 1;
        note({ registrationId, programVersion, decidedAt, path: null, kept: null, now: null });
        continue;
      }
      const replayed = replayDecision(program, decision);
      if (replayed.kind === 'equal') equal += 1;
      else {
        different += 1;
        note({ registrationId, programVersion, decidedAt, path: replayed.path, kept: replayed.kept, now: replayed.now });
      }
    }
  }
  return { decisions: equal + different + unknownVersion, equal, different, unknownVersion, differences };
}
