import { dayIn, taskText } from '../../program/task.ts';

const NEW_YORK = 'America/New_York';
const QUESTION = { body: 'Two sites.', dueAt: '2026-11-24T22:00:00.000Z', outcome: null, notes: [] };
const DUE = 'Due: Tuesday 24 November 2026, 17:00 (America/New_York; 2026-11-24T22:00:00.000Z)';

describe('taskText', () => {
  it.each([
    ['what is asked, and until when', {}, `Two sites.\n\n${DUE}`],
    [
      'what people have to be told first',
      { notes: ['Opened again.', 'Given back.'] },
      `Opened again.\n\nGiven back.\n\nTwo sites.\n\n${DUE}`,
    ],
    ['how it ended', { outcome: 'answered by director: approved' }, `Two sites.\n\n${DUE}\nClosed: answered by director: approved`],
    ['nothing that there is not', { dueAt: null }, 'Two sites.'],
    ['no empty part', { body: '' }, DUE],
  ])('has %s', (_what, changes, text) => {
    expect(taskText({ ...QUESTION, ...changes }, NEW_YORK)).toBe(text);
  });

  it('keeps the deadline and the notes of a text that is longer than a CRM takes', () => {
    const text = taskText({ ...QUESTION, body: 'x'.repeat(40_000), notes: ['Opened again.'] }, NEW_YORK);
    expect(text.length).toBeLessThan(32_000);
    expect(text.startsWith('Opened again.\n\nxxx')).toBe(true);
    expect(text.endsWith(DUE)).toBe(true);
  });
});

describe('dayIn', () => {
  it.each([
    ['the evening in New York is that day, though the next in UTC', '2026-11-25T04:59:59.999Z', NEW_YORK, '2026-11-24'],
    ['midnight there begins the next', '2026-11-25T05:00:00.000Z', NEW_YORK, '2026-11-25'],
    ['the morning in Tokyo is the next day already', '2026-11-24T15:00:00.000Z', 'Asia/Tokyo', '2026-11-25'],
    ['the last night of summer time', '2026-11-01T04:00:00.000Z', NEW_YORK, '2026-11-01'],
  ])('%s', (_what, at, zone, day) => {
    expect(dayIn(at, zone)).toBe(day);
  });
});
