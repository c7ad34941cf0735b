import type { ObjectType } from '../../program/vocabulary.ts';
import { clearWantedSweep, readChanged, readWantedSweep, type ChangedRecord, type WantedSweep } from '../../store/changed-record.ts';
import type { Database } from '../../store/database.ts';

/** Marks that one page deals with; what is left of them is dealt with by the next one. */
export const MOST_MARKS = 500;

/** What the CRM told of by events and was not looked at yet. */
export interface ToldChanges {
  /** The oldest, at most `MOST_MARKS`. */
  marks(): Promise<readonly ChangedRecord[]>;
  wantedSweep(): Promise<WantedSweep | null>;
  /** The sweep was begun, and is kept with the cursor from now on. */
  forgetSweep(wanted: WantedSweep): Promise<void>;
}

export function toldChanges(db: Database, connection: string, objectType: ObjectType): ToldChanges {
  return {
    marks: () => readChanged(db, connection, objectType, MOST_MARKS),
    wantedSweep: () => readWantedSweep(db, connection, objectType),
    forgetSweep: ({ version }) => clearWantedSweep(db, connection, objectType, version),
  };
}
