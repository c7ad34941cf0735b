import { defineSignal, defineUpdate } from '@temporalio/workflow';
import { MESSAGES, type CaseMessage, type CommandAnswer, type RefreshWish, type RegistrationMessage } from '../program/messages.ts';

/** Answered at once: who asks over HTTP waits for it. */
export const commandRegistration = defineUpdate<CommandAnswer, [RegistrationMessage]>(MESSAGES.commandRegistration);
/** The same command from the outbox (a rep's, made in the CRM): its answer is written on the record. */
export const commandRegistrationLater = defineSignal<[RegistrationMessage]>(MESSAGES.commandRegistrationLater);
/** The registration's row changed in another transaction, or something that it depends on did. */
export const refreshRegistration = defineSignal<[RefreshWish?]>(MESSAGES.refreshRegistration);

export const resolveCase = defineUpdate<CommandAnswer, [CaseMessage]>(MESSAGES.resolveCase);
export const refreshCase = defineSignal<[RefreshWish?]>(MESSAGES.refreshCase);

/** How listening stands, from the activity that listens. */
export const reportStream = defineSignal<[unknown?]>(MESSAGES.reportStream);
export const nudge = defineSignal<[unknown?]>(MESSAGES.nudge);
