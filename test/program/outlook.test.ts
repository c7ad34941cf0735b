import { outlookOf, speakInstant, type Outlook } from '../../program/outlook.ts';
import { ACME } from './example.ts';

const NOW = '2026-11-16T15:00:00.000Z';
const NOTHING: Outlook = { now: NOW, protection: null, steps: [], acknowledgeBy: null, decideBy: null };
const outlook = (changes: Partial<Outlook>) => outlookOf(ACME, { ...NOTHING, ...changes });

describe('outlookOf', () => {
  it('has nothing to say where nothing runs and nothing would be granted', () => {
    expect(outlook({})).toEqual([]);
  });

  it.each<[string, Partial<Outlook>, string]>([
    ['acknowledge_by', { acknowledgeBy: NOW }, 'Somebody is in touch with the partner by Mon 16 Nov 2026, 10:00 America/New_York.'],
    ['step_due', { steps: [{ label: 'Director', dueAt: NOW }] }, 'Director answers by Mon 16 Nov 2026, 10:00 America/New_York.'],
    ['decide_by', { decideBy: NOW }, 'All of it is decided by Mon 16 Nov 2026, 10:00 America/New_York.'],
    [
      'protected_until',
      { protection: { from: NOW, until: '2027-05-15T15:00:00.000Z' } },
      'If it is approved now, at Mon 16 Nov 2026, 10:00 America/New_York, it is protected until Sat 15 May 2027, 11:00 America/New_York.',
    ],
  ])('says %s in a sentence, with the clock of the program', (kind, changes, message) => {
    expect(outlook(changes)).toMatchObject([{ kind, message }]);
  });

  it('is in the order in which it comes, and of two at one instant the step before the whole', () => {
    const prospects = outlook({
      acknowledgeBy: '2026-11-18T15:00:00.000Z',
      steps: [
        { label: 'Director', dueAt: '2026-11-20T15:00:00.000Z' },
        { label: 'Partner Manager', dueAt: '2026-11-17T15:00:00.000Z' },
      ],
      decideBy: '2026-11-20T15:00:00.000Z',
      protection: { from: NOW, until: '2026-11-19T15:00:00.000Z' },
    });
    expect(prospects.map(({ kind, at }) => `${kind} ${at.slice(8, 10)}`)).toEqual([
      'step_due 17',
      'acknowledge_by 18',
      'protected_until 19',
      'step_due 20',
      'decide_by 20',
    ]);
  });
});

describe('speakInstant', () => {
  it.each([
    ['2026-11-16T15:00:00.000Z', 'America/New_York', 'Mon 16 Nov 2026, 10:00 America/New_York'],
    ['2026-11-16T23:30:00.000Z', 'Asia/Tokyo', 'Tue 17 Nov 2026, 08:30 Asia/Tokyo'],
    ['2026-07-16T15:00:00.000Z', 'Europe/Berlin', 'Thu 16 Jul 2026, 17:00 Europe/Berlin'],
  ])('%s in %s', (at, zone, spoken) => {
    expect(speakInstant(at, zone)).toBe(spoken);
  });
});
