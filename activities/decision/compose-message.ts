import { defaultCalendar } from '../../program/calendar.ts';
import type { Program } from '../../program/definition/program.ts';
import { CHANNELS_OF } from '../../program/notification/event-table.ts';
import type { ClaimEvent } from '../../program/notification/claim-event.ts';
import { identityOfClaimEvent, identityOfQuestionEvent } from '../../program/notification/event-identity.ts';
import type { ClaimDigest, MessagePayload, QuestionPayload } from '../../program/notification/payload.ts';
import type { QuestionEvent } from '../../program/notification/question-event.ts';
import { caseWorkflowId, registrationWorkflowId } from '../../program/messages.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { ConflictCase } from '../../store/conflict-case.ts';
import type { NewMessage } from '../../store/message.ts';
import type { Partner } from '../../store/partner.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** The messages that tell one partner of one event, one for each way by which it can be reached. */
export function messagesToPartner(
  deps: ActivityDependencies,
  registration: Registration,
  partner: Partner,
  event: ClaimEvent,
  at: Instant,
): readonly NewMessage[] {
  const lane = registrationWorkflowId(registration.registrationId);
  const payload: MessagePayload = {
    family: 'claim',
    event,
    partnerExternalId: partner.externalId,
    ...contextOf(deps, { ...registration, partnerId: partner.partnerId }, at),
  };
  return CHANNELS_OF.partner
    .filter((channel) => channel !== 'email' || partner.email !== null)
    .map((channel) => ({
      identity: identityOfClaimEvent(event, registration.registrationId, at),
      subject: 'caseId' in event ? caseWorkflowId(event.caseId) : lane,
      lane,
      event: event.type,
      recipient: { kind: 'partner', partnerId: partner.partnerId },
      channel,
      payload,
      occurredAt: at,
      skippedFor: isConfigured(deps, channel) ? null : 'CHANNEL_NOT_CONFIGURED',
    }));
}

/** What a question is about: the claim, its partner, and the conflict where it is one. */
interface Asked {
  readonly registration: Registration;
  readonly conflict: ConflictCase | null;
  readonly partner: Partner | null;
  /** How like conflicts ended, in words. */
  readonly likeCases: string | null;
}

/** What the words of an event about a question are made of. */
export function questionPayload(
  deps: ActivityDependencies,
  { registration, conflict, partner, likeCases }: Asked,
  event: QuestionEvent,
  at: Instant,
): QuestionPayload {
  return {
    family: 'question',
    event,
    partnerName: partner?.name ?? '',
    caseId: conflict?.id ?? null,
    summary: conflict === null ? null : summaryOf(conflict),
    likeCases,
    ...contextOf(deps, registration, at),
  };
}

/** What was found first was found of another side: who hears an appeal reads what was decided. */
function summaryOf({ summary, state }: ConflictCase): string {
  const { status, outcome } = state;
  return status === 'appealed' && outcome !== null
    ? `Decided before (${outcome.kind.replace('_', '-')}), and heard again on new evidence.`
    : summary;
}

/** The messages that tell one user of one question. A user who cannot be written to has one on record all the same: somebody was to be asked. */
export function messagesToUser(
  deps: ActivityDependencies,
  about: Asked,
  alias: string,
  hasAddress: boolean,
  event: QuestionEvent,
  at: Instant,
): readonly NewMessage[] {
  const { registration, conflict } = about;
  const subject = conflict === null ? registrationWorkflowId(registration.registrationId) : caseWorkflowId(conflict.id);
  const payload = questionPayload(deps, about, event, at);
  return CHANNELS_OF.user.map((channel) => ({
    identity: identityOfQuestionEvent(event, at),
    subject,
    lane: subject,
    event: event.type,
    recipient: { kind: 'user', alias },
    channel,
    payload,
    occurredAt: at,
    skippedFor: !isConfigured(deps, channel) ? 'CHANNEL_NOT_CONFIGURED' : hasAddress || channel !== 'email' ? null : 'NO_ADDRESS',
  }));
}

function isConfigured({ channels }: ActivityDependencies, channel: string): boolean {
  return channels?.has(channel) ?? false;
}

function contextOf(deps: ActivityDependencies, registration: Registration, at: Instant) {
  const { registrationId, externalId, partnerId, customer, productLines, estimatedValue } = registration;
  const claim: ClaimDigest = { registrationId, externalId, partnerId, customerName: customer.name, productLines, estimatedValue };
  const program = programForWords(deps, registration);
  return { claim, occurredAt: at, programName: program.name, timeZone: defaultCalendar(program).timeZone, labels: labelsOf(program) };
}

/** A version that is not there any more keeps no decision from being told: its words are those of today. */
export function programForWords(deps: ActivityDependencies, { programVersion }: Pick<Registration, 'programVersion'>): Program {
  return deps.programs.byVersion(programVersion) ?? deps.programs.current();
}

/** What the program calls its roles and the product lines, where that is not what the id says anyway. */
function labelsOf({ governance, productLines }: Program): Readonly<Record<string, string>> {
  const named = [...governance.roles, ...productLines].filter(({ id, label }) => label !== id.replaceAll('_', ' '));
  return Object.fromEntries(named.map(({ id, label }) => [id, label]));
}
