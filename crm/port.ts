/**
 * What a CRM can do for us, in raw records: the vendor's own field names and values, and nothing of what they mean.
 * An adapter implements this; a mapping gives the records their meaning. Every method may throw a `CrmFailure` (`failures.ts`).
 */

/** A raw value as the CRM's JSON carries it. A key that is missing from `fields` is unknown; null is an empty field. */
export type RemoteValue = string | number | boolean | null;
export type RemoteFields = Readonly<Record<string, RemoteValue>>;

export interface RemoteRow {
  readonly id: string;
  /** The CRM's modification stamp, an ISO 8601 instant in UTC with milliseconds; its resolution may be a second. */
  readonly stamp: string;
  readonly deleted: boolean;
  /** The surviving record where this one was merged away. */
  readonly mergedInto: string | null;
  readonly createdBy: string | null;
  readonly modifiedBy: string | null;
  readonly fields: RemoteFields;
  /** Lookups that several records hold at once, by field: their ids, ascending, of which `fields` has the first. Missing where there are none. */
  readonly holders?: Readonly<Record<string, readonly string[]>>;
}

/** The lookups of a row: what each leads to, and who holds it where that are several. */
export type LookupValues = Pick<RemoteRow, 'fields' | 'holders'>;

/** A position in the capture order (stamp, id). An empty `id` includes every row that carries `stamp`. */
export interface CapturePosition {
  readonly stamp: string;
  readonly id: string;
}

/** What a value of a row has to be. An empty field is not any value. */
export type FieldCondition =
  | { readonly field: string; readonly is: string }
  | { readonly field: string; readonly isNot: string }
  | { readonly field: string; readonly isEmpty: boolean };

/** Which rows of an object are wanted, by values of theirs: deals of one pipeline, say, or those that fit any of several. */
export type RowCondition = FieldCondition | { readonly anyOf: readonly FieldCondition[] };

/** Whether a row with these values fits every condition. */
export function fitsConditions(conditions: readonly RowCondition[], fields: RemoteFields): boolean {
  return conditions.every((condition) => {
    if ('anyOf' in condition) return condition.anyOf.some((each) => fitsConditions([each], fields));
    const value = fields[condition.field] ?? null;
    if ('isEmpty' in condition) return (value === null || value === '') === condition.isEmpty;
    return 'is' in condition ? value === condition.is : value !== condition.isNot;
  });
}

/** The fields that conditions are about. */
export function conditionFields(conditions: readonly RowCondition[]): readonly string[] {
  return conditions.flatMap((condition) => ('anyOf' in condition ? condition.anyOf.map(({ field }) => field) : [condition.field]));
}

export interface CaptureRequest {
  readonly object: string;
  /** Empty: ids and stamps alone. */
  readonly fields: readonly string[];
  /** Null: from the beginning. */
  readonly after: CapturePosition | null;
  readonly limit: number;
  /** Keeps only rows in which this field is not empty, such as the partner's external id. */
  readonly whereNotNull?: string;
  /** Keeps only rows that fit all of these. */
  readonly where?: readonly RowCondition[];
}

export interface CapturePage {
  /** In the order (stamp, id), deleted ones included. */
  readonly rows: readonly RemoteRow[];
  /** True when the page was not full: nothing was left behind it at `serverTime`. */
  readonly drained: boolean;
  /** The CRM's own clock, from the answer's Date header, in epoch milliseconds. */
  readonly serverTimeMs: number;
}

export interface RemoteEdit {
  readonly recordId: string;
  readonly field: string;
  /** The CRM's own time of the edit, ISO 8601 UTC. */
  readonly at: string;
  readonly by: string | null;
  /** The value after the edit, as the CRM's history shows it; undefined where the history does not keep values (long text in Salesforce). */
  readonly to: RemoteValue | undefined;
}

/** Where a written row is found: by the CRM's id, or by our external id (created when there is none). */
export type WriteTarget =
  { readonly kind: 'id'; readonly id: string } | { readonly kind: 'external_id'; readonly field: string; readonly value: string };

/** A lookup that is given by the parent's external id instead of the CRM's id. */
export interface ParentReference {
  readonly object: string;
  readonly field: string;
  readonly value: string;
}

export interface RemoteWrite {
  readonly target: WriteTarget;
  readonly fields: RemoteFields;
  /** Keyed by the name of the lookup field. */
  readonly parents?: Readonly<Record<string, ParentReference>>;
  /**
   * Where several records may hold a lookup: the only one that it is taken from, by the name of the lookup field; null for nobody. Others that hold it keep it. Of a
   * lookup that is not named here it is taken from all of them.
   */
  readonly replaces?: Readonly<Record<string, string | null>>;
}

export type WriteOutcome =
  | { readonly kind: 'written'; readonly id: string; readonly created: boolean }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly retryable: boolean;
      readonly message: string;
      readonly fields: readonly string[];
    };

export interface RemoteFieldDefinition {
  readonly name: string;
  readonly type: 'text' | 'long_text' | 'number' | 'boolean' | 'date' | 'datetime' | 'picklist' | 'reference' | 'other';
  readonly maxLength: number | null;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly required: boolean;
  readonly unique: boolean;
  readonly externalId: boolean;
  /** A picklist's values in the CRM's own order; null for other types. */
  readonly values: readonly string[] | null;
  /** True when the CRM refuses any other value. */
  readonly restricted: boolean;
  readonly referenceTo: readonly string[];
}

export interface RemoteObjectDefinition {
  readonly name: string;
  /** Whether the user may make records of it, and change them; missing where the CRM does not say. */
  readonly createable?: boolean;
  readonly updateable?: boolean;
  readonly fields: readonly RemoteFieldDefinition[];
}

export interface CrmUsage {
  readonly used: number;
  readonly limit: number;
  /** When all of them come back at once, by our clock, ISO 8601 UTC; missing where they come back by and by, or it is not known. */
  readonly resetsAt?: string;
}

/** One allowance of the CRM, such as its calls in a day. */
export interface CrmAllowance {
  /** The CRM's own name of it. */
  readonly name: string;
  readonly max: number;
  readonly remaining: number;
}

/** Who a connection is signed in as, and what the CRM still lets it do. */
export interface CrmAccess {
  readonly username: string;
  /** The CRM's id of the org or portal. */
  readonly organization: string;
  readonly allowances: readonly CrmAllowance[];
  /** The time zone of the org or portal, at whose midnight allowances of a day begin anew. Missing where that is not how the CRM counts. */
  readonly timeZone?: string;
  /** What the connection may do with each kind of records that we work with. Missing where the CRM does not tell. */
  readonly reach?: readonly CrmReach[];
}

/** What a connection may do with one kind of records. */
export interface CrmReach {
  /** The CRM's name of them. */
  readonly object: string;
  readonly isReadable: boolean;
  readonly isWritable: boolean;
  /** Whether what is shipped of it can be made in the CRM. */
  readonly isProvisionable: boolean;
  /** The rights that it lacks for any of these, by the CRM's names. */
  readonly missing: readonly string[];
}

/** A change that the CRM told of. It is a hint: which records to read again, never what they hold. */
export interface ChangeHint {
  readonly object: string;
  /** Empty where the CRM does not say which: any record of the object may have changed. */
  readonly ids: readonly string[];
  /** `associated`: only what they are associated with has changed, or has ceased to be. `unknown`: the CRM could not tell what happened to these records. */
  readonly what: 'created' | 'updated' | 'deleted' | 'undeleted' | 'associated' | 'unknown';
  /** The CRM's time of the commit, ISO 8601 UTC. */
  readonly at: string;
  /** Whether it was committed by the user of this connection: most likely what we wrote ourselves, but never for certain. */
  readonly isOwn: boolean;
  /** Names of the fields that came with a value; of `associated` the field that leads to the other object, without a label. */
  readonly fields: readonly string[];
}

/** What listening brings, in order. What comes next is asked for only when the one before was taken care of. */
export type ChangeNews =
  /** From here on changes come, by these channels. */
  | { readonly kind: 'listening'; readonly channels: readonly string[] }
  /** The CRM does not know the place any more from which to go on: what was between is lost, and listening goes on with what is new. */
  | { readonly kind: 'gap'; readonly channel: string }
  /** `positions`: the place behind these changes, by channel; an opaque text. */
  | { readonly kind: 'changes'; readonly hints: readonly ChangeHint[]; readonly positions: Readonly<Record<string, string>> }
  /** Nothing has changed, and the CRM is there. */
  | { readonly kind: 'quiet' };

export interface ListenRequest {
  /** Of which changes are wanted; others may come, too. */
  readonly objects: readonly string[];
  /** Where to go on, by channel; a channel without one begins with what is new. */
  readonly positions: Readonly<Record<string, string>>;
  /** Ends it: in order, without a failure. */
  readonly signal: AbortSignal;
}

export interface BulkReadRequest {
  readonly object: string;
  readonly fields: readonly string[];
  /** From this stamp on, inclusive; null: from the beginning. */
  readonly from: string | null;
  /** Up to this stamp, exclusive: a stamp that no row can get any more when the read begins. */
  readonly before: string;
  /** As in `CaptureRequest`. */
  readonly whereNotNull?: string;
  readonly where?: readonly RowCondition[];
  /** In the order (stamp, id). Without it the CRM may work on several parts at once, and gives the rows in no order. */
  readonly isOrdered: boolean;
}

/** Lookups that may change while the stamp of their row does not, so that no capture sees it. */
export interface LookupPort {
  /** The most rows that one call reads, for each object that the lookups lead to. */
  readonly batchSize: number;
  isUnstamped(field: string): boolean;
  /** What these lookups lead to now, by the id of the row; nowhere for a row that is gone. */
  read(object: string, ids: readonly string[], fields: readonly string[]): Promise<ReadonlyMap<string, LookupValues>>;
}

/** How a job stands. `open`: it has not been closed yet; `gone`: the CRM does not know it, or does not any more. */
export interface BulkJobStatus {
  readonly state: 'open' | 'working' | 'complete' | 'failed' | 'aborted' | 'gone';
  /** The CRM's own words where it failed. */
  readonly message: string | null;
  /** Rows that have an outcome. */
  readonly processed: number;
}

/** What the rows of a write job are found by: all by the CRM's id, or all by our external id in this field. */
export type BulkTarget = { readonly kind: 'id' } | { readonly kind: 'external_id'; readonly field: string };

/** `key`: the value that the row was found by. */
export interface BulkOutcome {
  readonly key: string;
  readonly outcome: WriteOutcome;
}

/**
 * Many rows at the price of a few calls: the CRM works on a job while we wait, and nothing of a job is held in memory. Rows are guarded as by `write`; a row is in
 * a job once. The ids of jobs outlive the process, so that another one goes on with them.
 */
export interface BulkPort {
  /** How many rows a read would give. */
  count(request: Pick<BulkReadRequest, 'object' | 'from' | 'whereNotNull' | 'where'>): Promise<number>;
  /** Begins to read; the answer is the job's id. */
  startRead(request: BulkReadRequest): Promise<string>;
  readStatus(jobId: string): Promise<BulkJobStatus>;
  /** At most `mostRows` rows from `locator` on, null at first; deleted ones included. `next` null: these are the last. */
  readRows(
    request: Pick<BulkReadRequest, 'object' | 'fields'>,
    jobId: string,
    locator: string | null,
    mostRows: number,
  ): Promise<{ readonly rows: AsyncIterable<RemoteRow>; readonly next: string | null }>;
  /** Tells of rows of `object` whether a job can carry them: not every value that a single call writes has a form in a job. */
  whatFits(object: string): Promise<(write: RemoteWrite) => boolean>;
  /** Makes an empty job; the answer is its id. */
  openWrite(object: string, target: BulkTarget): Promise<string>;
  /** Sends the rows, all of which fit. It may be called once for a job, and asks for the rows more than once. Nothing is written before `close`. */
  upload(object: string, jobId: string, rows: () => AsyncIterable<RemoteWrite>): Promise<void>;
  /** Has the CRM write what was uploaded. */
  close(jobId: string): Promise<void>;
  writeStatus(jobId: string): Promise<BulkJobStatus>;
  /** Gives up a job; one that has ended stays as it is. */
  abort(jobId: string): Promise<void>;
  /** The outcomes of a job that has ended, in no order. Rows that have none were not written. */
  outcomes(jobId: string, target: BulkTarget): AsyncIterable<BulkOutcome>;
}

export interface CrmPort {
  readonly connection: string;
  /** The most rows one write call carries. */
  readonly writeBatchSize: number;
  /**
   * `capture` asks an index that is some moments behind `read`, and not every change moves a record's stamp: a row that it brings may be older than an event of it,
   * and older than what we read of it before.
   */
  readonly capturesLate?: boolean;
  /** The object as it is now, or as it was `last seen`, which costs a call only where it never was. CRM_FIELD_UNKNOWN where there is none. */
  describe(object: string, when?: 'now' | 'last seen'): Promise<RemoteObjectDefinition>;
  capture(request: CaptureRequest): Promise<CapturePage>;
  /** Rows by the CRM's id; ids that do not exist or cannot be seen are left out, deleted ones come with `deleted`. */
  read(object: string, ids: readonly string[], fields: readonly string[]): Promise<readonly RemoteRow[]>;
  /** Rows in which `field` has one of `values`, deleted ones left out. */
  find(object: string, field: string, values: readonly string[], fields: readonly string[]): Promise<readonly RemoteRow[]>;
  /** The CRM's history of `fields` on these records, latest first; from `since` on, by the CRM's clock. Only fields whose history is tracked appear. */
  history(object: string, ids: readonly string[], fields: readonly string[], since?: string): Promise<readonly RemoteEdit[]>;
  /** Writes at most `writeBatchSize` rows in one call; outcome i belongs to row i, and a refused row never fails the others. */
  write(object: string, rows: readonly RemoteWrite[]): Promise<readonly WriteOutcome[]>;
  /** Missing where the CRM has no such thing. */
  readonly bulk?: BulkPort;
  /** Missing where every change of a lookup moves the stamp of its row. */
  readonly lookups?: LookupPort;
  /** Brings deleted records back. Not every CRM can: then the outcome is `refused`. */
  restore(object: string, ids: readonly string[]): Promise<readonly WriteOutcome[]>;
  /**
   * Changes as the CRM tells them, until the request's signal ends it. Throws when the CRM does not tell, or has gone silent; whoever asks tries again from the last
   * position. Missing where the CRM has nothing of the kind.
   */
  listen?(request: ListenRequest): AsyncIterable<ChangeNews>;
  /** Calls used of the daily allowance, as last seen on an answer; null before the first. */
  usage(): CrmUsage | null;
  /** Not every CRM tells. */
  access?(): Promise<CrmAccess>;
  /** CRM clock minus our clock in milliseconds, as last seen on an answer; 0 before the first. */
  clockOffsetMs(): number;
}
