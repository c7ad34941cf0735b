import {
  NO_CONVERSION,
  NO_FACTS,
  NO_RECORD,
  type ClaimFacts,
  type CustomerDetails,
  type DirectOpportunity,
  type PartnerSnapshot,
} from '../claim.ts';
import type { MatchThresholds } from '../customer-identity.ts';
import type { EpochMs, Instant, Money } from '../vocabulary.ts';
import { findPairs } from './customer-index.ts';
import type { HistoricalClaim } from './history.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Registrations, partners and a CRM as files hold them, by which programs are compared without a store. */
export interface Stream {
  readonly partners: readonly StreamPartner[];
  readonly accounts: readonly (CustomerDetails & { readonly key: string })[];
  readonly opportunities: readonly StreamOpportunity[];
  /** In the order of receipt. */
  readonly registrations: readonly StreamRegistration[];
}

/** A partner by its external id. */
export type StreamPartner = Omit<PartnerSnapshot, 'partnerId'>;

/** An open opportunity; ages count in days back from the receipt of whatever claim looks at it. `stageIndex` counts the open stages from 0. */
export interface StreamOpportunity {
  readonly key: string;
  readonly account: string;
  readonly stageIndex: number;
  readonly stageName: string;
  readonly owner: string | null;
  readonly createdDaysAgo: number;
  readonly lastActivityDaysAgo: number | null;
}

export interface StreamRegistration {
  readonly externalId: string;
  /** By the partner's external id. */
  readonly partnerId: string;
  readonly kind: string;
  readonly customer: CustomerDetails;
  readonly productLines: readonly string[];
  readonly estimatedValue: Money;
  readonly expectedCloseInDays: number;
  readonly facts?: Partial<ClaimFacts>;
}

/** When the stream is received: evenly from `from` on, the last just before `from` + `days`. */
export interface StreamTime {
  readonly from: EpochMs;
  readonly days: number;
}

/**
 * The history that a stream of files makes: every claim received in its order, seeing the opportunities of the accounts that are, or may be, its customer.
 *
 * A claim whose partner the stream does not know is named in `unknown` and left out. Nobody's answers are known, so that every question stays open until silence
 * answers it. The CRM looks the same at each receipt, because its ages are counted from there.
 */
export function historyOf(
  stream: Stream,
  time: StreamTime,
  freeMailDomains: ReadonlySet<string>,
  thresholds: MatchThresholds,
): { readonly history: readonly HistoricalClaim[]; readonly unknown: readonly string[] } {
  const partners = new Map(stream.partners.map((partner) => [partner.externalId, partner]));
  const opportunitiesOf = openDesk(stream, freeMailDomains, thresholds);
  const step = (time.days * DAY_MS) / Math.max(1, stream.registrations.length);
  const unknown: string[] = [];
  const history = stream.registrations.flatMap((registration, index): readonly HistoricalClaim[] => {
    const partner = partners.get(registration.partnerId);
    if (partner === undefined) {
      unknown.push(registration.externalId);
      return [];
    }
    const partnerId = partner.externalId;
    const receivedAt = time.from + Math.floor(index * step);
    const at = instantOf(receivedAt);
    const claim = {
      registrationId: registration.externalId,
      sequence: index + 1,
      kind: registration.kind,
      customer: registration.customer,
      productLines: registration.productLines,
      estimatedValue: registration.estimatedValue,
      expectedCloseDate: instantOf(receivedAt + registration.expectedCloseInDays * DAY_MS).slice(0, 10),
      submittedAt: at,
      facts: { ...NO_FACTS, ...registration.facts },
    };
    const evidence = {
      takenAt: at,
      partner: { ...partner, partnerId },
      rivals: [],
      relatives: [],
      opportunities: opportunitiesOf(registration.externalId, receivedAt),
      contacts: [],
      purchases: [],
      record: NO_RECORD,
      approved: null,
      settled: [],
      conversion: NO_CONVERSION,
    };
    return [
      {
        registrationId: registration.externalId,
        sequence: index + 1,
        partnerId,
        programVersion: '',
        sightings: [{ at, claim, evidence }],
        answers: [],
        extensions: [],
        end: null,
        status: 'submitted',
      },
    ];
  });
  return { history, unknown };
}

/** The open opportunities of the direct team at a registration's customer, as they look when the claim is received. */
function openDesk(
  { accounts, opportunities, registrations }: Stream,
  freeMailDomains: ReadonlySet<string>,
  thresholds: MatchThresholds,
): (externalId: string, receivedAt: EpochMs) => readonly DirectOpportunity[] {
  const byAccount = Map.groupBy(opportunities, ({ account }) => account);
  const selling = accounts.filter(({ key }) => byAccount.has(key));
  const customers = [
    ...selling.map(({ key, ...details }) => ({ id: `account ${key}`, details })),
    ...registrations.map(({ externalId, customer }) => ({ id: `claim ${externalId}`, details: customer })),
  ];
  const pairs = findPairs(customers, freeMailDomains, thresholds).filter(
    ({ one, other }) => one.startsWith('account ') && other.startsWith('claim '),
  );
  const byClaim = Map.groupBy(pairs, ({ other }) => other);
  return (externalId, receivedAt) =>
    (byClaim.get(`claim ${externalId}`) ?? []).flatMap(({ one, match }) =>
      (byAccount.get(one.slice('account '.length)) ?? []).map((opportunity) => {
        const createdAt = receivedAt - opportunity.createdDaysAgo * DAY_MS;
        const activeAt = receivedAt - (opportunity.lastActivityDaysAgo ?? opportunity.createdDaysAgo) * DAY_MS;
        return {
          connection: 'stream',
          remoteId: opportunity.key,
          accountRemoteId: opportunity.account,
          stageIndex: opportunity.stageIndex,
          stageName: opportunity.stageName,
          isClosed: false,
          owner: opportunity.owner,
          createdAt: instantOf(createdAt),
          lastActivityAt: instantOf(Math.max(createdAt, activeAt)),
          match,
          relation: 'same' as const,
        };
      }),
    );
}

function instantOf(at: EpochMs): Instant {
  return new Date(at).toISOString();
}
