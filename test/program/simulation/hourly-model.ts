import type { HistoricalClaim } from '../../../program/simulation/history.ts';
import type { RegistrationStatus } from '../../../program/vocabulary.ts';
import { MONDAY } from './example.ts';

const HOUR_MS = 60 * 60 * 1000;
const HOURS = 400 * 24;
const WINDOW_HOURS = 90 * 24;
const WAITLIST_HOURS = 180 * 24;

interface Place {
  readonly past: HistoricalClaim;
  readonly receivedHour: number;
  readonly endHour: number;
  status: RegistrationStatus;
  until: number;
  behind: readonly Place[];
  waitsUntil: number;
}

/**
 * What the sample program makes of a history in which nobody is asked, played hour by hour with a clock instead of a queue: written apart from the simulation, to
 * check it. Everything happens on the hour. Answers the status of each claim after the last one.
 */
export function playByTheHour(history: readonly HistoricalClaim[]): readonly RegistrationStatus[] {
  const places = history.map((past): Place => {
    const endHour = past.end === null ? Infinity : hourOf(past.end.at);
    return { past, receivedHour: hourOf(past.sightings[0].at), endHour, status: 'submitted', until: 0, behind: [], waitsUntil: 0 };
  });
  for (let hour = 0; hour <= HOURS; hour += 1) {
    const freed = [...expire(places, hour), ...close(places, hour)];
    for (const place of places) {
      if (place.status === 'denied' && hour < place.waitsUntil && place.behind.some((other) => freed.includes(other)))
        judge(places, place, hour);
    }
    for (const place of places) if (place.receivedHour === hour) judge(places, place, hour);
  }
  return places.map(({ status }) => status);
}

function expire(places: readonly Place[], hour: number): readonly Place[] {
  const over = places.filter(({ status, until }) => status === 'approved' && until === hour);
  for (const place of over) place.status = 'expired';
  return over;
}

/** Those that free their customer: nobody moves up behind a deal that was won. */
function close(places: readonly Place[], hour: number): readonly Place[] {
  const left = places.filter(({ endHour, status }) => status === 'approved' && endHour === hour);
  for (const place of left) place.status = place.past.end?.kind ?? place.status;
  return left.filter(({ status }) => status !== 'won');
}

function judge(places: readonly Place[], place: Place, hour: number): void {
  const { claim } = place.past.sightings[0];
  const holders = places.filter(({ past: { sightings }, status }) => {
    const other = sightings[0].claim;
    return (
      status === 'approved' &&
      other.customer.domain === claim.customer.domain &&
      other.productLines.some((line) => claim.productLines.includes(line))
    );
  });
  // Only an earlier one makes this one a duplicate; behind a later one of its own, which was protected meanwhile, it waits like behind anybody's.
  const isOwn = holders.some(({ past }) => past.partnerId === place.past.partnerId && past.sequence < place.past.sequence);
  place.behind = [];
  if (Number(claim.estimatedValue.amount) < 5_000 || isOwn) place.status = 'denied';
  else if (holders.length > 0) {
    place.status = 'denied';
    place.behind = holders;
    place.waitsUntil = hour + WAITLIST_HOURS;
  } else if (place.endHour <= hour && place.past.end?.kind !== 'withdrawn') {
    // Its deal was closed while it stood on the waitlist: it is closed with it as soon as it is approved.
    place.status = place.past.end?.kind ?? place.status;
  } else {
    place.status = 'approved';
    place.until = hour + WINDOW_HOURS;
  }
}

function hourOf(at: string): number {
  return (Date.parse(at) - Date.parse(MONDAY)) / HOUR_MS;
}
