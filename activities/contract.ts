import type { CaseMessage, CaseProgress, CommandAnswer, RegistrationMessage, RegistrationProgress } from '../program/messages.ts';
import type { Instant, ObjectType } from '../program/vocabulary.ts';

/**
 * What the workflows ask of the activities. Arguments and results are ids, counts, verdicts and deadlines: they stay in histories.
 * `at` is the workflow's time: a deadline has passed when the workflow's timer says so, whatever the clock of the machine that carries it out.
 */

export interface Answered<Progress> {
  readonly answer: CommandAnswer;
  readonly progress: Progress;
}

export interface RegistrationActivities {
  loadRegistration(registrationId: string): Promise<RegistrationProgress>;
  /** Reads the decisive records again from the CRMs and judges the claim. `EVIDENCE_TOO_OLD` when neither CRM nor mirror can be relied on. */
  evaluateRegistration(registrationId: string, occasion: string, at: Instant): Promise<RegistrationProgress>;
  carryOutCommand(registrationId: string, message: RegistrationMessage, at: Instant): Promise<Answered<RegistrationProgress>>;
  /** Moves a registration whose deadline has passed: the step climbs, a returned claim lapses, a protection expires, an appeal's time ends. */
  passDeadline(registrationId: string, at: Instant): Promise<RegistrationProgress>;
}

export interface CaseActivities {
  loadCase(caseId: string): Promise<CaseProgress>;
  settleCase(caseId: string, message: CaseMessage, at: Instant): Promise<Answered<CaseProgress>>;
  /** Nobody settled the case in time: the next role on the ladder is asked; at its top the question stays and needs attention. */
  escalateCase(caseId: string, at: Instant): Promise<CaseProgress>;
}

export interface PullResult {
  /** Anything but running: nothing was read, and `reason` says why. */
  readonly state: 'running' | 'paused' | 'parked';
  readonly reason: string | null;
  readonly rows: number;
  readonly drained: boolean;
  /** Records that wait to be written now. */
  readonly pendingOut: number;
  /** When the next of those that were put off may be tried again, in milliseconds from now; missing where none was. */
  readonly nextInMs?: number;
}

export interface PushResult {
  readonly written: number;
  readonly unchanged: number;
  readonly refused: number;
  /** Put off: the parent is not linked yet, or the CRM asked to come back later. */
  readonly postponed: number;
  readonly dueNow: number;
  /** As in `PullResult`. */
  readonly nextInMs?: number;
}

export interface BackfillStep {
  /** What is being read; null: there is nothing left to do. */
  readonly objectType: ObjectType | null;
  readonly done: number;
  /** How many there were when it was begun; null: not counted yet. */
  readonly total: number | null;
  /** Why it waits; null where it goes on. */
  readonly reason: string | null;
  /** When the next step may be taken, in milliseconds from now. */
  readonly nextInMs: number;
}

export interface SyncActivities {
  pullPage(connection: string, objectType: ObjectType): Promise<PullResult>;
  pushBatch(connection: string, objectType: ObjectType): Promise<PushResult>;
  /** Takes the next step of the backfills that were asked for on this connection, one record type after the other. */
  backfillStep(connection: string): Promise<BackfillStep>;
  parkConnection(connection: string, failureCode: string): Promise<void>;
}

export interface DeliveryReport {
  /** `held`: nothing is tried for a while. `disabled`: until somebody resumes it. `absent`: no worker of this configuration sends by it. */
  readonly state: 'open' | 'held' | 'disabled' | 'absent';
  /** What is in the way: of the channel, or else of the message that waits longest. */
  readonly code: string | null;
  readonly needsAttention: boolean;
  /** Of this batch: what was settled one way or the other. */
  readonly sent: number;
  readonly failed: number;
  readonly waiting: number;
  readonly oldestWaitingSince: Instant | null;
  /** Given up and not looked after yet. */
  readonly unresolved: number;
  readonly dueNow: number;
  /** When there is something to do again, in milliseconds from now; missing where nothing is put off. */
  readonly nextInMs?: number;
}

/** `stopped`: this worker listens no more, and another one may. `superseded`: another one does. `absent`: no worker of this configuration listens. */
export type ListeningEnd = 'stopped' | 'superseded' | 'absent';

export interface EventActivities {
  /** Listens to the changes of a connection's CRM for hours; what they lead to is in the store, and how it stands is signalled. */
  listenForChanges(connection: string): Promise<ListeningEnd>;
}

export interface NotifyActivities {
  /** Sends one batch of a channel's messages: as much as takes some seconds. */
  deliverMessages(channel: string): Promise<DeliveryReport>;
}
