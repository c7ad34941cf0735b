import { formatMoney } from '../money.ts';
import type { MessagePayload } from './payload.ts';
import { partnerText, type EventText, type Wording } from './partner-text.ts';
import { momentText, oneLine, severalLines } from './plain-text.ts';
import { questionText } from './question-text.ts';
import { MOST_NAME_CHARACTERS, MOST_TEXT_CHARACTERS } from './text-limit.ts';

/** A message as people read it. */
export interface RenderedMessage {
  /** One line, safe as a header whatever names are in it. */
  readonly subject: string;
  /** Plain text, of paragraphs that are not wrapped. */
  readonly text: string;
  /** One line that says the whole: for a task or a list. */
  readonly short: string;
}

/** The words of a message. The same payload always gives the same words. */
export function renderMessage(payload: MessagePayload): RenderedMessage {
  const wording = wordingOf(payload);
  const said = textOf(payload, wording);
  const { claim } = payload;
  const name = oneLine(claim.customerName, MOST_NAME_CHARACTERS);
  const heading = oneLine(said.heading, MOST_NAME_CHARACTERS);
  const id = oneLine(claim.externalId, MOST_NAME_CHARACTERS);
  const subject = payload.family === 'claim' ? `Registration ${id} (${name}): ${heading}` : `${capitalised(heading)}: ${id} (${name})`;
  const facts = factsOf(payload, wording);
  return {
    subject,
    text: [...said.paragraphs, facts.join('\n'), SIGNATURE].filter((part) => part !== '').join('\n\n'),
    short: oneLine(`${subject}. ${said.paragraphs[0] ?? ''}`, MOST_TEXT_CHARACTERS),
  };
}

const SIGNATURE = 'This message was sent automatically.';

function textOf(payload: MessagePayload, wording: Wording): EventText {
  switch (payload.family) {
    case 'claim':
      return partnerText(payload.event, wording);
    case 'question':
      return questionText(payload.event, wording);
  }
}

function wordingOf({ timeZone, labels }: MessagePayload): Wording {
  return {
    moment: (at) => momentText(at, timeZone),
    label: (id) => oneLine(Object.hasOwn(labels, id) ? (labels[id] ?? id) : id.replaceAll('_', ' '), MOST_NAME_CHARACTERS),
  };
}

function factsOf(payload: MessagePayload, { label }: Wording): readonly string[] {
  const { claim, programName } = payload;
  const own = [
    `Registration: ${oneLine(claim.externalId, MOST_NAME_CHARACTERS)} (${claim.registrationId})`,
    `Customer: ${oneLine(claim.customerName, MOST_TEXT_CHARACTERS)}`,
    `Product lines: ${claim.productLines.map(label).join(', ')}`,
    `Estimated value: ${formatMoney(claim.estimatedValue)}`,
    `Program: ${oneLine(programName, MOST_NAME_CHARACTERS)}`,
  ];
  switch (payload.family) {
    case 'claim':
      return own;
    case 'question':
      return [
        ...own,
        `Partner: ${oneLine(payload.partnerName, MOST_TEXT_CHARACTERS)}`,
        ...(payload.caseId === null ? [] : [`Case: ${payload.caseId}`]),
        ...(payload.summary === null ? [] : [`Conflict: ${severalLines(payload.summary, MOST_TEXT_CHARACTERS)}`]),
        ...((payload.likeCases ?? null) === null ? [] : [`Before: ${payload.likeCases}`]),
      ];
  }
}

function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
