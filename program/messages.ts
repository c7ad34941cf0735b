import { z } from 'zod';
import type { Refusal } from './failures.ts';
import type { RegistrationCommand, RegistrationState } from './registration-life.ts';
import type { CaseCommand, CaseState } from './case-life.ts';
import type { ObjectType } from './vocabulary.ts';

/** Names and shapes of everything that is sent to a workflow. Histories hold ids, counts, verdicts and deadlines, never records or free text. */

export const TASK_QUEUE = 'dealkeeper';

export const registrationWorkflowId = (registrationId: string): string => `registration/${registrationId}`;
export const caseWorkflowId = (caseId: string): string => `case/${caseId}`;
export const syncWorkflowId = (connection: string, objectType: ObjectType): string => `sync/${connection}/${objectType}`;

/** The inverse of the three: what a workflow id stands for, or null for an id of another kind. */
export function subjectOf(workflowId: string): { readonly kind: 'registration' | 'case' | 'sync'; readonly id: string } | null {
  const match = /^(registration|case|sync)\/(.+)$/.exec(workflowId);
  return match === null ? null : { kind: match[1] as 'registration' | 'case' | 'sync', id: match[2] as string };
}

/** The part of a registration's state that its workflow carries: everything but the reasons, which are text. */
export type RegistrationProgress = Omit<RegistrationState, 'decision'>;
export type CaseProgress = CaseState;

export interface RegistrationWorkflowInput {
  readonly registrationId: string;
  /** Set when the workflow continues as new. */
  readonly progress?: RegistrationProgress;
}
export interface CaseWorkflowInput {
  readonly caseId: string;
  readonly progress?: CaseProgress;
}
export interface SyncWorkflowInput {
  readonly connection: string;
  readonly objectType: ObjectType;
  readonly pollSeconds: number;
}

/** One command on a registration. `commandId` names the stored command with its comment and values; the same id is carried out once. */
export const registrationMessage = z.object({ commandId: z.string().min(1).max(200), command: z.custom<RegistrationCommand>() });
export type RegistrationMessage = z.infer<typeof registrationMessage>;

export interface CaseMessage {
  readonly commandId: string;
  readonly command: CaseCommand;
}

export type CommandAnswer = { readonly kind: 'done' } | Refusal;

export const MESSAGES = {
  commandRegistration: 'commandRegistration',
  commandRegistrationLater: 'commandRegistrationLater',
  refreshRegistration: 'refreshRegistration',
  resolveCase: 'resolveCase',
  refreshCase: 'refreshCase',
  nudge: 'nudge',
} as const;

/** What the outbox carries to a workflow, by kind. Subjects are `registration/<id>`, `case/<id>`. */
export const outboxMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start_registration'), payload: z.object({}) }),
  z.object({ kind: z.literal('refresh_registration'), payload: z.object({ reevaluate: z.boolean() }) }),
  z.object({ kind: z.literal('command_registration'), payload: z.object({ commandId: z.string() }) }),
  z.object({ kind: z.literal('start_case'), payload: z.object({}) }),
  z.object({ kind: z.literal('refresh_case'), payload: z.object({}) }),
]);
export type OutboxMessage = z.infer<typeof outboxMessage>;
