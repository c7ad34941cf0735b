import { defineSignal, defineUpdate } from '@temporalio/workflow';
import { MESSAGES, type CaseMessage, type CommandAnswer, type RegistrationMessage } from '../program/messages.ts';

/** Answered at once: who asks over HTTP waits for it. */
export const commandRegistration = defineUpdate<CommandAnswer, [RegistrationMessage]>(MESSAGES.commandRegistration);
/** The same command from the outbox (a rep's, made in the CRM): its answer is written on the record. */
export const commandRegistrationLater = defineSignal<[RegistrationMessage]>(MESSAGES.commandRegistrationLater);
/** The registration's row changed in another transaction. `reevaluate`: an input of the decision changed. */
export const refreshRegistration = defineSignal<[{ readonly reevaluate: boolean }?]>(MESSAGES.refreshRegistration);

export const resolveCase = defineUpdate<CommandAnswer, [CaseMessage]>(MESSAGES.resolveCase);
export const refreshCase = defineSignal(MESSAGES.refreshCase);

export const nudge = defineSignal<[unknown?]>(MESSAGES.nudge);
