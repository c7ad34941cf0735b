import type { RemoteRow } from '../../crm/port.ts';
import type { FieldProblem } from '../../mappings/field-mapping.ts';
import type { CanonicalRecord, EditTimes } from '../../program/merge-plan.ts';
import type { Instant, IssueCategory, ObjectType } from '../../program/vocabulary.ts';
import type { Database, Transaction } from '../../store/database.ts';
import type { ActivityDependencies } from '../decision/dependencies.ts';

/** Our side of a record that goes both ways, in the form in which it is compared: references are the CRM's ids. */
export interface LocalRecord {
  readonly localId: string;
  readonly values: CanonicalRecord;
  /** Values of ours that the CRM's field cannot hold; they are left out of `values`. */
  readonly problems: readonly FieldProblem[];
  /** When our side last edited a field, in our clock. */
  readonly editedAt: EditTimes['ours'];
  /** Our ids of the records that lookups point to, by field: written by external id, so that they hit the right one after a merge in the CRM. */
  readonly parents: Readonly<Record<string, { readonly objectType: ObjectType; readonly localId: string }>>;
  /** The parent that has to be in the CRM before the record can be written; null when nothing is waited for. */
  readonly waitsFor: { readonly objectType: ObjectType; readonly localId: string } | null;
  /** Whether the record is made again where it was deleted in the CRM. */
  readonly isRestored: boolean;
  /** Why the record is not made where there is none; null where it is. One that is there is kept in step all the same. */
  readonly notMade: NotMade | null;
  /** The record is the CRM's own, and we only write some of its fields: where it is gone there is nothing to make. */
  readonly isTheirs?: true;
  /** Fields of theirs that a command of ours set: written once, unless people set them later. */
  readonly commanded?: readonly string[];
}

/** `unwanted`: there is no use for the record any more, and nothing to be told. `told`: a person has to mend something first. */
export type NotMade =
  | { readonly kind: 'unwanted' }
  | {
      readonly kind: 'told';
      readonly category: IssueCategory;
      readonly code: string;
      readonly message: string;
      readonly remedy: string;
    };

/** Values that a merge takes over from the CRM, with the time of their edit translated into our clock. */
export interface TakenValues {
  readonly localId: string;
  readonly values: CanonicalRecord;
  readonly editedAt: Instant;
  /** The CRM has our value where these were: they are to be written back. */
  readonly isCovered?: true;
}

/** The values of a record's commanded fields. */
export interface CommandedValues {
  readonly localId: string;
  readonly values: CanonicalRecord;
}

/** Who set a command in the CRM, when (in the CRM's time), and what beside it. */
export interface SetCommand {
  readonly localId: string;
  readonly remoteId: string;
  readonly value: string;
  readonly comment: string | null;
  /** Null: the record was made with it. */
  readonly setAt: Instant | null;
  readonly setBy: string | null;
  /** The n-th time within the second of `setAt` that this value was set. */
  readonly occurrence: number;
}

/** What sync needs to know of one of our record types; everything else about moving it is the same for all. */
export interface TwoWayRecords {
  readonly objectType: 'partner' | 'registration' | 'opportunity' | 'task';
  /** The field that carries a command, and its companion; null where the type has none. */
  readonly command: { readonly field: string; readonly comment: string } | null;
  /** Each record is for one person: without them it is not written. */
  readonly isPersonal?: true;
  read(db: Database | Transaction, deps: ActivityDependencies, connection: string, ids: readonly string[]): Promise<readonly LocalRecord[]>;
  /** Holds the records until the transaction ends, so that what was compared is what is changed. */
  lock(trx: Transaction, ids: readonly string[]): Promise<void>;
  /**
   * Stores taken values, with an event for the workflow where a decision depends on them, and marks the record as changed for other connections.
   * Returns the fields whose values cannot be kept here, such as an empty amount: they stay as they were.
   */
  take(trx: Transaction, deps: ActivityDependencies, connection: string, taken: TakenValues): Promise<readonly string[]>;
  /** Answers on the record that an edit was not accepted, and is written back. */
  answerOverridden(
    trx: Transaction,
    deps: ActivityDependencies,
    connection: string,
    localId: string,
    fields: readonly string[],
    at: Instant,
  ): Promise<void>;
  /** The record was deleted in the CRM. `base`: what both sides agreed on before. */
  onDeleted(
    trx: Transaction,
    deps: ActivityDependencies,
    connection: string,
    localId: string,
    at: Instant,
    base: CanonicalRecord,
  ): Promise<void>;
  /** The records have a place in the CRM that they did not have before: what points to them is written anew, at once. */
  onLinked(trx: Transaction, deps: ActivityDependencies, connection: string, localIds: readonly string[]): Promise<void>;
  /** The CRM has these values of commands now: they were written, or were found there. */
  onCommandedWritten?(trx: Transaction, connection: string, written: readonly CommandedValues[]): Promise<void>;
  /** Keeps a command once. */
  keepCommand(trx: Transaction, deps: ActivityDependencies, connection: string, command: SetCommand): Promise<void>;
  /** Whether the command was carried out or refused, so that its field may be cleared. */
  isAnswered(db: Database | Transaction, connection: string, command: SetCommand): Promise<boolean>;
  /** A row without our id that was made in the CRM. Returns what is wrong with it, or null when it was received. */
  receive(
    deps: ActivityDependencies,
    connection: string,
    row: RemoteRow,
  ): Promise<{ readonly message: string; readonly remedy: string } | null>;
}
