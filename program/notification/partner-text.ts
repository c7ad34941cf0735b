import type { PartyEffect } from '../case-life.ts';
import type { Reason } from '../verdict.ts';
import type { Instant } from '../vocabulary.ts';
import type { AskedRole, ClaimEvent } from './claim-event.ts';
import { listText, oneLine, severalLines } from './plain-text.ts';
import { MOST_TEXT_CHARACTERS, MOST_TEXTS } from './text-limit.ts';

/** Words for one event: what the subject line says of it, and the paragraphs of the body. */
export interface EventText {
  readonly heading: string;
  readonly paragraphs: readonly string[];
}

export interface Wording {
  readonly moment: (at: Instant) => string;
  readonly label: (id: string) => string;
}

/** What a partner reads. It names no person on our side, nobody who claims beside it, and nothing that is written for insiders. */
export function partnerText(event: ClaimEvent, { moment, label }: Wording): EventText {
  const decidedBy = (asked: AskedRole | null): string =>
    asked === null
      ? 'We will tell you as soon as it is decided.'
      : `It is decided by the role ${label(asked.role)}, expected by ${moment(asked.dueAt)}.`;
  switch (event.type) {
    case 'registration.received':
      return {
        heading: 'received',
        paragraphs: [
          event.frozenUntil === null
            ? 'We have received your registration. Its place is that of its receipt.'
            : `We have received your registration. Its place is that of its receipt. No registrations are decided until ${moment(event.frozenUntil)}; yours is looked at then.`,
        ],
      };
    case 'registration.in_review':
      return { heading: 'in review', paragraphs: [`Your registration is in review. ${decidedBy(event.asked)}`] };
    case 'registration.returned':
      return {
        heading: 'returned to you',
        paragraphs: [
          event.until === null
            ? 'Your registration needs something from you before it can be decided.'
            : `Your registration needs something from you before it can be decided. Complete it by ${moment(event.until)}; after that it lapses.`,
          ...texts(event.wanted),
        ],
      };
    case 'registration.approved':
      return {
        heading: 'approved',
        paragraphs: [
          event.protectedUntil === null
            ? 'Your registration is approved.'
            : `Your registration is approved. It is protected on ${listText(event.lines.map(label))} until ${moment(event.protectedUntil)}.`,
          ...reasonTexts(event.reasons),
        ],
      };
    case 'registration.denied':
      return {
        heading: 'denied',
        paragraphs: [
          'Your registration is denied.',
          ...reasonTexts(event.reasons),
          ...(event.waitlistedUntil === null
            ? []
            : [`It is on the waitlist until ${moment(event.waitlistedUntil)}: it is judged again if what stands in its way ends before.`]),
          event.appealUntil === null
            ? 'It cannot be appealed. Should something new come up, register again.'
            : `You may appeal until ${moment(event.appealUntil)}, with what is new.`,
        ],
      };
    case 'registration.appealed':
      return { heading: 'appeal taken up', paragraphs: [`Your appeal is taken up. ${decidedBy(event.asked)}`] };
    case 'registration.promoted':
      return {
        heading: 'moved up from the waitlist',
        paragraphs: ['What stood in the way of your registration has ended. It is judged again now, and you will be told the outcome.'],
      };
    case 'registration.lapsed':
      return {
        heading: 'lapsed',
        paragraphs: ['Your registration was not completed in time and has lapsed. If the deal is still alive, register it again.'],
      };
    case 'registration.withdrawn':
      return { heading: 'withdrawn', paragraphs: ['Your registration is withdrawn. Nothing is left to do.'] };
    case 'registration.protection_ending':
      return {
        heading: 'protection ends soon',
        paragraphs: [
          `The protection of your registration ends at ${moment(event.protectedUntil)}. Ask for further time before then, or win the deal.`,
        ],
      };
    case 'registration.extension_requested':
      return {
        heading: 'further time asked for',
        paragraphs: [`Further time, until ${moment(event.wouldEndAt)}, was asked for. ${decidedBy(event.asked)}`],
      };
    case 'registration.extension_granted':
      return {
        heading: 'further time granted',
        paragraphs: [`Your registration has further time. It is protected until ${moment(event.protectedUntil)}.`],
      };
    case 'registration.extension_denied':
      return {
        heading: 'further time not granted',
        paragraphs: [
          event.protectedUntil === null
            ? 'Further time was not granted. The protection has ended.'
            : `Further time was not granted. The protection ends at ${moment(event.protectedUntil)} as before.`,
        ],
      };
    case 'registration.expired':
      return {
        heading: 'protection ended',
        paragraphs: [
          `The protection of your registration ended at ${moment(event.endedAt)}.`,
          ...(event.extensibleUntil === null ? [] : [`Further time may still be asked for until ${moment(event.extensibleUntil)}.`]),
          ...(event.appealUntil === null ? [] : [`You may appeal until ${moment(event.appealUntil)}.`]),
        ],
      };
    case 'registration.revoked':
      return {
        heading: 'protection taken away',
        paragraphs: [
          'The protection of your registration was taken away.',
          ...reasonTexts(event.reasons),
          ...((event.appealUntil ?? null) === null ? [] : [`You may appeal until ${moment(event.appealUntil ?? '')}, with what is new.`]),
        ],
      };
    case 'registration.transferred':
      return transferText(event, moment);
    case 'registration.won':
      return { heading: 'won', paragraphs: ['The deal of your registration is won. Congratulations.'] };
    case 'registration.lost':
      return { heading: 'lost', paragraphs: ['The deal of your registration is recorded as lost. Its protection has ended.'] };
    case 'registration.commented':
      return { heading: 'a word to you', paragraphs: texts([event.text]) };
    case 'case.opened': {
      const until = event.statementUntil ?? event.asked?.dueAt ?? null;
      return {
        heading: 'your statement is asked for',
        paragraphs: [
          (event.appealedAt ?? null) === null
            ? 'A conflict that concerns your registration is settled by an arbiter, who hears each side.'
            : 'The outcome of a conflict that concerns your registration was appealed on new evidence. Another arbiter hears each side; until then the outcome stands.',
          ...texts(event.conflict === null ? [] : [event.conflict]),
          [
            until === null
              ? 'Say what speaks for your registration; nobody but the arbiter reads it.'
              : `Say what speaks for your registration by ${moment(until)}; nobody but the arbiter reads it.`,
            ...(event.asked === null ? [] : [`It is decided by the role ${label(event.asked.role)}.`]),
          ].join(' '),
        ],
      };
    }
    case 'case.settled':
      return {
        heading: 'conflict settled',
        paragraphs: [
          EFFECT_TEXT[event.effect],
          ...((event.share ?? null) === null ? [] : [`Your share of the deal is ${event.share} %.`]),
          ...texts(event.remediation === null ? [] : [event.remediation]),
        ],
      };
  }
}

/** What an outcome means for the side that reads it; the other side has no place in it. */
const EFFECT_TEXT: Readonly<Record<PartyEffect, string>> = {
  grant: 'The conflict that concerned your registration is settled in its favour. It goes on.',
  share: 'The conflict that concerned your registration is settled: it goes on, and the deal is shared.',
  co_sell: 'The conflict that concerned your registration is settled: it goes on as a co-sell.',
  deny: 'The conflict that concerned your registration is settled, and your registration is denied.',
  revoke: 'The conflict that concerned your registration is settled, and its protection has ended.',
  keep: 'The conflict that concerned your registration is settled. Your registration stays as it is.',
};

function transferText(event: Extract<ClaimEvent, { type: 'registration.transferred' }>, moment: Wording['moment']): EventText {
  switch (event.direction) {
    case 'away':
      return {
        heading: 'transferred',
        paragraphs: ['This registration was transferred and is not yours any more. Nothing is left to do.'],
      };
    case 'to_you':
      return {
        heading: 'transferred to you',
        paragraphs: [
          event.protectedUntil === null
            ? 'This registration was transferred to you.'
            : `This registration was transferred to you. It is protected until ${moment(event.protectedUntil)}.`,
        ],
      };
  }
}

function reasonTexts(reasons: readonly Reason[]): readonly string[] {
  return texts(reasons.map(({ message }) => message));
}

function texts(given: readonly string[]): readonly string[] {
  return given.slice(0, MOST_TEXTS).flatMap((text) => {
    const shown = severalLines(text, MOST_TEXT_CHARACTERS);
    return oneLine(shown, 1) === '' ? [] : [shown];
  });
}
