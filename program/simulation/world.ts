import { NO_CONVERSION, NO_RECORD, type EvidenceSnapshot, type PartnerRecord, type RivalClaim } from '../claim.ts';
import { subtractDuration, type Duration } from '../duration.ts';
import { isUndecided } from '../registration-life.ts';
import type { EpochMs, Instant } from '../vocabulary.ts';
import type { MatchBook } from './match-book.ts';
import { latestSighting, type Standing } from './standing.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** All claims of the history as they stand in the simulated world; one that is not received yet has no sighting. */
export interface World {
  /** In the order of receipt. */
  readonly byId: ReadonlyMap<string, Standing>;
  readonly bySequence: ReadonlyMap<number, Standing>;
  readonly byPartner: ReadonlyMap<string, readonly Standing[]>;
}

export function openWorld(standings: readonly Standing[]): World {
  return {
    byId: new Map(standings.map((standing) => [standing.past.registrationId, standing])),
    bySequence: new Map(standings.map((standing) => [standing.past.sequence, standing])),
    byPartner: Map.groupBy(standings, ({ past }) => past.partnerId),
  };
}

/**
 * What the rules would have seen of this claim at `at`, had everything gone as it went in the simulated world: the snapshot of the time, with the rivals' states
 * and protections exchanged for the simulated ones, and with those that only stand in the simulated world.
 *
 * Claims that the history does not hold (from before its beginning) stay as the snapshot saw them. Opportunities, contacts and purchases are the snapshot's.
 * Nothing is linked to a claim of the simulated world.
 */
export function evidenceAt(world: World, matches: MatchBook, standing: Standing, at: EpochMs): EvidenceSnapshot {
  const seen = latestSighting(standing).evidence;
  const rivals: RivalClaim[] = seen.rivals.filter(({ registrationId }) => !matches.has(registrationId));
  const remembered = rememberedFor(standing, at);
  for (const [id, match] of matches.get(standing.past.registrationId) ?? []) {
    const rival = world.byId.get(id);
    if (rival === undefined || rival.sighted === 0 || !isSeen(rival, remembered)) continue;
    rivals.push({ ...describe(rival), match, relation: 'same' });
  }
  const relatives = seen.relatives.flatMap((relative): readonly RivalClaim[] => {
    const simulated = world.byId.get(relative.registrationId);
    if (simulated === undefined) return matches.has(relative.registrationId) ? [] : [relative];
    return isSeen(simulated, remembered) ? [{ ...relative, ...describe(simulated) }] : [];
  });
  const record = recordOf(world, standing, seen, at);
  return { ...seen, takenAt: instantOf(at), rivals, relatives, record, approved: null, settled: [], conversion: NO_CONVERSION };
}

/** The others that hold one of `lines` of what is certainly the same customer. Never two active protections for one customer and line, whatever the rules say. */
export function holdersOf(world: World, matches: MatchBook, standing: Standing, lines: readonly string[]): readonly Standing[] {
  const holders: Standing[] = [];
  for (const [id, match] of matches.get(standing.past.registrationId) ?? []) {
    const other = world.byId.get(id);
    if (match.band === 'exact' && other !== undefined && other.lines.some((line) => lines.includes(line))) holders.push(other);
  }
  return holders;
}

export function instantOf(at: EpochMs): Instant {
  return new Date(at).toISOString();
}

function describe(rival: Standing): Omit<RivalClaim, 'match' | 'relation'> {
  const { claim, past, status, lines, endedAt } = rival;
  return {
    registrationId: past.registrationId,
    sequence: claim.sequence,
    partnerId: past.partnerId,
    status,
    productLines: claim.productLines,
    protectedLines: lines,
    kind: claim.kind,
    submittedAt: claim.submittedAt,
    endedAt: endedAt === null ? null : instantOf(endedAt),
    site: claim.facts.site,
    proofs: claim.facts.proofs,
  };
}

/** Claims that ended since then are still seen, because a rule of the program looks back that far; null: no rule does. */
function rememberedFor({ program, calendar }: Standing, at: EpochMs): EpochMs | null {
  const lookbacks = program.rules.order.flatMap((row) => {
    if (row.id !== 'C21_expired_then_refiled') return [];
    const { lookback, coolingOff } = row.with as { readonly lookback: Duration; readonly coolingOff: Duration | null };
    return [lookback, ...(coolingOff === null ? [] : [coolingOff])];
  });
  if (lookbacks.length === 0) return null;
  return Math.min(...lookbacks.map((lookback) => Date.parse(subtractDuration(instantOf(at), lookback, calendar))));
}

function isSeen({ status, endedAt }: Standing, remembered: EpochMs | null): boolean {
  if (isUndecided(status) || status === 'approved') return true;
  return remembered !== null && endedAt !== null && endedAt >= remembered;
}

/** How the partner has registered so far in the simulated world. Only a program that judges it pays for the counting. */
function recordOf(world: World, standing: Standing, seen: EvidenceSnapshot, at: EpochMs): PartnerRecord {
  if (!standing.program.rules.order.some(({ id }) => id === 'C20_speculative')) return seen.record;
  const record: { -readonly [Key in keyof PartnerRecord]: number } = { ...NO_RECORD };
  for (const other of world.byPartner.get(standing.past.partnerId) ?? []) {
    if (other === standing || other.sighted === 0) continue;
    const age = at - Date.parse(other.past.sightings[0].claim.submittedAt);
    if (isUndecided(other.status)) record.undecided += 1;
    if (other.lines.length > 0) record.active += 1;
    if (age <= 30 * DAY_MS) record.receivedLast30Days += 1;
    if (other.decidedAt !== null && at - other.decidedAt <= 365 * DAY_MS) record.decidedLastYear += 1;
    if (other.status === 'won' && other.endedAt !== null && at - other.endedAt <= 365 * DAY_MS) record.wonLastYear += 1;
  }
  return record;
}
