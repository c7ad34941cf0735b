import type { Refusal } from './failures.ts';
import { COMMENT_AUDIENCES, type RegistrationCommand, type RegistrationState } from './registration-life.ts';
import type { CaseCommand, CaseState } from './case-life.ts';
import { CASE_OUTCOMES, DECISIONS, type ObjectType } from './vocabulary.ts';

/**
 * Names and shapes of everything that is sent to a workflow. Histories hold ids, counts, verdicts and deadlines, never records or free text.
 *
 * Types alone, no zod: every workflow that starts evaluates all modules it imports, and zod costs more than the rest of them together.
 */

export const TASK_QUEUE = 'dealkeeper';

export const registrationWorkflowId = (registrationId: string): string => `registration/${registrationId}`;
export const caseWorkflowId = (caseId: string): string => `case/${caseId}`;
export const syncWorkflowId = (connection: string, objectType: ObjectType): string => `sync/${connection}/${objectType}`;
export const eventsWorkflowId = (connection: string): string => `events/${connection}`;
export const backfillWorkflowId = (connection: string): string => `backfill/${connection}`;
export const notifyWorkflowId = (channel: string): string => `notify/${channel}`;

/** The inverse of the first three: what a workflow id stands for, or null for an id of another kind. */
export function subjectOf(workflowId: string): { readonly kind: 'registration' | 'case' | 'sync'; readonly id: string } | null {
  const match = /^(registration|case|sync)\/(.+)$/.exec(workflowId);
  return match === null ? null : { kind: match[1] as 'registration' | 'case' | 'sync', id: match[2] as string };
}

/** The part of a registration's state that its workflow carries: everything but the reasons, which are text. */
export type RegistrationProgress = Omit<RegistrationState, 'decision'>;
export type CaseProgress = CaseState;

/** What a workflow was told and has not done yet: to read its registration again, to look again at who is asked, or to have it judged again. */
export type PendingRefresh = 'no' | 'load' | 'reconsider' | 'evaluate';

/** What a refresh asks for: `reevaluate`: an input of the decision changed; `reconsider`: somebody who may be asked came or went. */
export interface RefreshWish {
  readonly reevaluate?: boolean;
  readonly reconsider?: boolean;
}

export interface RegistrationWorkflowInput {
  readonly registrationId: string;
  /** Set when the workflow continues as new. */
  readonly progress?: RegistrationProgress;
  readonly pendingRefresh?: PendingRefresh;
}
export interface CaseWorkflowInput {
  readonly caseId: string;
  readonly progress?: CaseProgress;
  readonly isStale?: boolean;
  readonly isToBeReconsidered?: boolean;
}
export interface SyncWorkflowInput {
  readonly connection: string;
  readonly objectType: ObjectType;
  readonly pollSeconds: number;
}

export interface EventsWorkflowInput {
  readonly connection: string;
  /** What is shown, when the workflow continues as new. */
  readonly shown?: StreamReport;
}

/** How listening to a CRM stands, as its workflow shows it. */
export interface StreamReport {
  readonly details: string;
  readonly code: string | null;
  readonly needsAttention: boolean;
}

export interface BackfillWorkflowInput {
  readonly connection: string;
}

export interface NotifyWorkflowInput {
  readonly channel: string;
  readonly pollSeconds: number;
}

/** One command on a registration. `commandId` names the stored command with its comment and values; the same id is carried out once. */
export interface RegistrationMessage {
  readonly commandId: string;
  readonly command: RegistrationCommand;
}

export interface CaseMessage {
  readonly commandId: string;
  readonly command: CaseCommand;
}

/** Whether what reached a workflow is such a message: it may have been typed by hand in the Temporal UI. */
export function isRegistrationMessage(value: unknown): value is RegistrationMessage {
  const { commandId, command } = fieldsOf(value);
  const { kind, actor, audience, decision, days, outcome, partnerId, to, connection, opportunity, primary } = fieldsOf(command);
  if (!isName(commandId) || !isName(actor)) return false;
  switch (kind as RegistrationCommand['kind']) {
    case 'decide':
      return includes(DECISIONS, decision);
    case 'extend':
      return days === null || (typeof days === 'number' && Number.isInteger(days) && days > 0);
    case 'close':
      return outcome === 'won' || outcome === 'lost';
    case 'transfer':
      return isName(partnerId);
    case 'delegate':
    case 'reassign':
      return isName(to);
    case 'comment':
      return includes(COMMENT_AUDIENCES, audience);
    case 'amend':
    case 'withdraw':
    case 'appeal':
    case 'reopen':
    case 'revoke':
      return true;
    case 'link':
    case 'relink':
      return isName(connection) && isName(opportunity) && (primary === null || typeof primary === 'boolean');
    case 'unlink':
    case 'create_opportunity':
      return isName(connection);
  }
  return false;
}

export function isCaseMessage(value: unknown): value is CaseMessage {
  const { commandId, command } = fieldsOf(value);
  const { kind = 'settle', outcome, registrationId, shares, remediation, actor, audience, to } = fieldsOf(command);
  if (!isName(commandId) || !isName(actor)) return false;
  switch (kind as NonNullable<CaseCommand['kind']>) {
    case 'settle':
      return (
        includes(CASE_OUTCOMES, outcome) &&
        (registrationId === null || isName(registrationId)) &&
        (shares === undefined || isShares(shares)) &&
        (remediation === undefined || remediation === null || isName(remediation))
      );
    case 'delegate':
    case 'reassign':
      return isName(to);
    case 'comment':
      return includes(COMMENT_AUDIENCES, audience);
    case 'statement':
      return isName(registrationId);
  }
  return false;
}

/** What a refresh that may have been typed by hand asks for; what is not said in so many words is not wished. */
export function wishOf(value: unknown): RefreshWish {
  const { reevaluate, reconsider } = fieldsOf(value);
  return { reevaluate: reevaluate === true, reconsider: reconsider === true };
}

/** The interval that a nudge asks for, where it asks for a sensible one. */
export function pollSecondsOf(nudge: unknown): number | null {
  const { pollSeconds } = fieldsOf(nudge);
  return typeof pollSeconds === 'number' && Number.isInteger(pollSeconds) && pollSeconds >= 1 && pollSeconds <= 86_400 ? pollSeconds : null;
}

/** What a listener says, or null for what was typed by hand and says nothing. */
export function streamReportOf(value: unknown): StreamReport | null {
  const { details, code, needsAttention } = fieldsOf(value);
  if (typeof details !== 'string' || details.length > 2_000 || (code !== null && !isName(code))) return null;
  return { details, code, needsAttention: needsAttention === true };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Whether these are sensible shares is for whoever settles the case. */
function isShares(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length <= 200 &&
    value.map(fieldsOf).every((one) => isName(one['registrationId']) && isName(one['percent']))
  );
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 200;
}

function includes(list: readonly string[], value: unknown): boolean {
  return typeof value === 'string' && list.includes(value);
}

export type CommandAnswer = { readonly kind: 'done' } | Refusal;

export const MESSAGES = {
  commandRegistration: 'commandRegistration',
  commandRegistrationLater: 'commandRegistrationLater',
  refreshRegistration: 'refreshRegistration',
  resolveCase: 'resolveCase',
  refreshCase: 'refreshCase',
  nudge: 'nudge',
  reportStream: 'reportStream',
} as const;
