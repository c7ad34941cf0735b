import type { Program } from '../../program/definition/program.ts';
import type { SampleRegistration } from '../sample/registration.ts';
import { openRandom } from '../sample/random.ts';
import type { PersonInput, PlannedDeed } from './deed.ts';
import { approversOf } from './year-program.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Everybody is away so often. */
const ABSENCES = 4;
/** Who leaves the company in the course of it, and after how much of it. */
const LEAVERS: readonly (readonly [alias: string, share: number])[] = [
  ['ben', 0.45],
  ['dan', 0.7],
];

/** Who does what in the year by themselves, from `beginsMs` on for `days`: claims in the order of the sample, and who is away when. What follows from that is not in it. */
export function planYear(
  program: Program,
  registrations: readonly SampleRegistration[],
  { beginsMs, days, seed }: { readonly beginsMs: number; readonly days: number; readonly seed: number },
): readonly PersonInput[] {
  const planned = new Map<string, PlannedDeed[]>();
  const add = (name: string, atMs: number, deed: PlannedDeed['deed']): void => {
    planned.set(name, [...(planned.get(name) ?? []), { at: new Date(beginsMs + Math.round(atMs)).toISOString(), deed }]);
  };
  const random = openRandom(seed, 'year/claims');
  const times = registrations.map(() => random.next() * days * DAY_MS).toSorted((one, other) => one - other);
  for (const [index, { partnerId }] of registrations.entries()) add(partnerId, times[index] as number, { kind: 'submit', index });

  const approvers = approversOf(program);
  for (const alias of approvers) {
    const own = openRandom(seed, `year/absences/${alias}`);
    for (let number = 0; number < ABSENCES; number += 1) {
      const from = (number + own.next() * 0.8) * (days / ABSENCES) * DAY_MS;
      const until = from + own.integer(1, 15) * DAY_MS;
      // A third is known on the day itself: somebody fell ill.
      const known = own.chance(0.33) ? from : Math.max(0, from - own.integer(2, 30) * DAY_MS);
      const delegate = own.chance(0.4) ? own.pick(approvers.filter((other) => other !== alias)) : null;
      const instant = (ms: number): string => new Date(beginsMs + Math.round(ms)).toISOString();
      add(alias, known, { kind: 'be_away', from: instant(from), until: instant(until), delegate, number });
      if (own.chance(0.15)) add(alias, (from + until) / 2 + HOUR_MS, { kind: 'come_back', number });
    }
  }
  for (const [alias, share] of LEAVERS) add(alias, share * days * DAY_MS, { kind: 'leave' });
  return [...planned].map(([name, deeds]) => ({ name, planned: deeds }));
}
