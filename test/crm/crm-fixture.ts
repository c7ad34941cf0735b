import type { CrmPort, RemoteValue, RemoteWrite } from '../../crm/port.ts';

/** The names by which a CRM knows what the suite works on. */
export interface CrmNames {
  readonly partner: { readonly object: string; readonly id: string; readonly name: string };
  readonly registration: {
    readonly object: string;
    readonly id: string;
    readonly status: string;
    readonly partner: string;
    readonly customerName: string;
    readonly value: string;
    readonly closeDate: string;
    readonly description: string;
    /** Whether the CRM keeps the history of this long text, with its values. */
    readonly isDescriptionTracked: boolean;
    /** The most characters that the CRM takes. */
    readonly longest: { readonly id: number; readonly customerName: number };
  };
  readonly task: {
    readonly object: string;
    readonly id: string;
    readonly title: string;
    readonly due: string;
    readonly owner: string;
    readonly record: string;
    /** What is written to close a task, and to open it again. */
    readonly closed: RemoteWrite['fields'];
    readonly open: RemoteWrite['fields'];
    /** The field that says whether it is closed, and what it says. */
    readonly isClosed: { readonly field: string; readonly yes: RemoteValue; readonly no: RemoteValue };
    readonly isTracked: boolean;
  };
}

/** A CRM of its own for one test, seen by two users, and the means to do to it what the port cannot. */
export interface CrmFixture {
  readonly names: CrmNames;
  readonly crm: CrmPort;
  /** The same CRM as a sales rep sees it. */
  readonly rep: CrmPort;
  /** Calls that count against the allowance, since the last `forgetCalls`. */
  calls(): Promise<number>;
  forgetCalls(): Promise<void>;
  remove(object: string, id: string): Promise<void>;
  advanceClock(advanceMs: number): Promise<void>;
  /** The next write is carried out, and its answer is lost. */
  loseNextWriteAnswer(): Promise<void>;
  /** The next call finds the CRM away. */
  failNextCall(): Promise<void>;
  /** The first row of the next write is locked by somebody else. */
  lockNextRow(): Promise<void>;
  close(): Promise<void>;
}
