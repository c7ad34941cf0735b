import type { Question, QuestionEvent } from './question-event.ts';
import type { EventText, Wording } from './partner-text.ts';
import { severalLines } from './plain-text.ts';
import { MOST_TEXT_CHARACTERS } from './text-limit.ts';

const WHAT: Readonly<Record<Question['about'], string>> = {
  claim: 'a registration',
  extension: 'further time for a registration',
  transfer: 'a transfer to another partner',
  appeal: 'an appeal',
  conflict: 'a conflict',
};

/** What users read. It may name colleagues by alias; the claim's facts follow below it. */
export function questionText(event: QuestionEvent, { moment, label }: Wording): EventText {
  const { about, role, dueAt } = event.question;
  const what = WHAT[about];
  const until = `Please decide by ${moment(dueAt)}.`;
  switch (event.type) {
    case 'question.asked':
      return { heading: `${what} to decide`, paragraphs: [`You are asked to decide ${what}, as ${label(role)}. ${until}`] };
    case 'question.asked_again':
      return {
        heading: `${what} still to decide`,
        paragraphs: [`The time to decide ${what} has passed, and you are asked again. ${until}`],
      };
    case 'question.due_soon':
      return { heading: `${what} to decide soon`, paragraphs: [`You have not decided ${what} yet. ${until}`] };
    case 'question.escalated':
      return {
        heading: `${what} moved up to you`,
        paragraphs: [
          event.from === null
            ? `Nobody below could be asked to decide ${what}: you are, as ${label(role)}. ${until}`
            : `${event.from} did not decide ${what} in time: you are asked now, as ${label(role)}. ${until}`,
        ],
      };
    case 'question.reassigned':
      return {
        heading: `${what} ${event.how} to you`,
        paragraphs: [
          `You are asked to decide ${what}${event.from === null ? '' : ` in place of ${event.from}`}, as ${label(role)}. ${until}`,
        ],
      };
    case 'question.taken_away':
      return {
        heading: `${what} is not yours to decide any more`,
        paragraphs: [
          event.to === null
            ? `You do not have to decide ${what} any more.`
            : `You do not have to decide ${what} any more: ${event.to} is asked now.`,
        ],
      };
    case 'question.overdue':
      return {
        heading: `${what} is overdue`,
        paragraphs: [
          `${event.asked === null ? `The role ${label(role)}` : event.asked} has not decided ${what} that was due at ${moment(dueAt)}. You may decide it, or see to it that it is decided.`,
        ],
      };
    case 'question.answered':
      return {
        heading: `${what} was decided`,
        paragraphs: [
          event.by === 'program'
            ? `What you were asked about, ${what}, was settled without you: ${label(event.answer)}. Nothing is left to do.`
            : `${event.by} has decided ${what} that you were asked about: ${label(event.answer)}. Nothing is left to do.`,
        ],
      };
    case 'question.attention_needed':
      return {
        heading: `${what} needs attention`,
        paragraphs: ['Nothing happens by itself any more until a person acts.', severalLines(event.why, MOST_TEXT_CHARACTERS)],
      };
  }
}
