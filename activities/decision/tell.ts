import { askedInCase } from '../../program/notification/asked-role.ts';
import { caseOpened } from '../../program/notification/case-event.ts';
import type { ClaimEvent } from '../../program/notification/claim-event.ts';
import type { QuestionEvent } from '../../program/notification/question-event.ts';
import { ownersOf, recipientOfTold } from '../../program/notification/recipient.ts';
import { eventsOfTransition } from '../../program/notification/transition-events.ts';
import { heardUntil } from '../../program/hearing.ts';
import type { RegistrationState } from '../../program/registration-life.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { findCase, type ConflictCase } from '../../store/conflict-case.ts';
import type { Transaction } from '../../store/database.ts';
import { queueMessages, type NewMessage } from '../../store/message.ts';
import { readPartners } from '../../store/partner.ts';
import type { Registration } from '../../store/registration.ts';
import { findUserAddress } from '../../store/user-address.ts';
import { findLatestVerdict } from '../../store/verdict.ts';
import { messagesToPartner, messagesToUser, programForWords } from './compose-message.ts';
import type { ActivityDependencies } from './dependencies.ts';

/**
 * Who is told of what: everything is queued in the transaction of the event, so that it is told if and only if it happened, and sent after it. What is queued again, since a
 * transaction was repeated, is the same message. Where a channel is not configured the message is kept on record as skipped.
 */

/** What a step says to the partner besides. */
interface Telling {
  readonly at: Instant;
  /** What the person who returned the claim asks for, in their words. */
  readonly remark?: string | null;
  /** Whose the claim was before this step. */
  readonly previousPartnerId?: string;
}

/** Tells the partner what the step from `before` to where the registration stands now means for it. */
export async function tellOfTransition(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  before: RegistrationState,
  { at, remark = null, previousPartnerId }: Telling,
): Promise<void> {
  const after = registration.state;
  const isReturned = after.status === 'returned' && before.status !== 'returned';
  const wanted = isReturned ? await wantedOf(trx, registration, remark) : [];
  const told = eventsOfTransition(before, after, { wanted, isTransfer: previousPartnerId !== undefined });
  const addressed = told.flatMap(({ to, event }) => {
    const recipient = recipientOfTold(to, registration.partnerId, previousPartnerId ?? null);
    return recipient?.kind === 'partner' ? [{ registration, partnerId: recipient.partnerId, event }] : [];
  });
  const entered = after.caseId === null || after.caseId === before.caseId ? null : await findCase(trx, after.caseId);
  const asked = entered === null ? [] : [{ registration, partnerId: registration.partnerId, event: openedFor(entered, at) }];
  await tellPartners(trx, deps, [...addressed, ...asked], at);
}

/** Who has come to a case claims in it. */
function openedFor(conflict: ConflictCase, at: Instant): ClaimEvent {
  return caseOpened(conflict, 'claimant', askedInCase(conflict.state), { statementUntil: heardUntil(conflict, at) });
}

/** Tells sides of a case what is up; each side its own event, made by `program/notification/case-event.ts`. Call it with the sides locked. */
export async function tellOfCase(
  trx: Transaction,
  deps: ActivityDependencies,
  sides: readonly { readonly registration: Registration; readonly event: ClaimEvent }[],
  at: Instant,
): Promise<void> {
  const addressed = sides.map(({ registration, event }) => ({ registration, partnerId: registration.partnerId, event }));
  await tellPartners(trx, deps, addressed, at);
}

/** Carries a word to the partner, as it was written. `commentId`: carried once. */
export async function tellOfComment(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  comment: { readonly commentId: string; readonly text: string; readonly at: Instant },
): Promise<void> {
  const event: ClaimEvent = { type: 'registration.commented', commentId: comment.commentId, text: comment.text };
  await tellPartners(trx, deps, [{ registration, partnerId: registration.partnerId, event }], comment.at);
}

export interface QuestionNotice {
  readonly event: QuestionEvent;
  /** Users by alias. What needs attention is told to the owners of the program where nobody is named. */
  readonly to: readonly string[];
  /** The claim that it is about; of a conflict, the first that claims. */
  readonly registration: Registration;
  readonly conflict: ConflictCase | null;
  /** How like conflicts ended, in words. */
  readonly likeCases: string | null;
  readonly at: Instant;
}

/** Tells users of a question that they are to answer, or of which they should know. */
export async function tellOfQuestion(trx: Transaction, deps: ActivityDependencies, notice: QuestionNotice): Promise<void> {
  const { event, registration, conflict, likeCases, at } = notice;
  const isOwners = notice.to.length === 0 && event.type === 'question.attention_needed';
  const to = isOwners ? ownersOf(programForWords(deps, registration)) : notice.to;
  if (to.length === 0) return;
  const [partner] = await readPartners(trx, [registration.partnerId]);
  const messages: NewMessage[] = [];
  for (const alias of new Set(to)) {
    const hasAddress = (await findUserAddress(trx, alias)) !== null;
    messages.push(...messagesToUser(deps, { registration, conflict, partner: partner ?? null, likeCases }, alias, hasAddress, event, at));
  }
  await queueMessages(trx, messages);
}

async function tellPartners(
  trx: Transaction,
  deps: ActivityDependencies,
  addressed: readonly { readonly registration: Registration; readonly partnerId: string; readonly event: ClaimEvent }[],
  at: Instant,
): Promise<void> {
  if (addressed.length === 0) return;
  const partners = await readPartners(trx, [...new Set(addressed.map(({ partnerId }) => partnerId))]);
  const messages = addressed.flatMap(({ registration, partnerId, event }) => {
    const partner = partners.find((candidate) => candidate.partnerId === partnerId);
    return partner === undefined ? [] : messagesToPartner(deps, registration, partner, event, at);
  });
  await queueMessages(trx, messages);
}

/** What is missing: the words of the person who returned the claim, else those of the rules that did. */
async function wantedOf(trx: Transaction, { registrationId }: Registration, remark: string | null): Promise<readonly string[]> {
  if (remark !== null && remark.trim() !== '') return [remark];
  const latest = await findLatestVerdict(trx, registrationId);
  return latest?.verdict.outcome === 'return' ? latest.verdict.reasons.map(({ message }) => message) : [];
}
