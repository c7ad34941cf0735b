import type {
  Instant,
  Money,
  PartnerStatus,
  PartnerTier,
  PartnerTrack,
  PartnerType,
  PlainDate,
  RegistrationKind,
  RegistrationStatus,
} from './vocabulary.ts';

/** The end customer as the partner typed it. */
export interface CustomerDetails {
  readonly name: string;
  readonly domain: string | null;
  readonly country: string;
  readonly postalCode: string | null;
  readonly companyNumber: string | null;
}

/** What the program decides on: one partner's claim as it stands at the moment of the verdict. `sequence` orders receipts; no two are equal. */
export interface ClaimSnapshot {
  readonly registrationId: string;
  readonly sequence: number;
  readonly kind: RegistrationKind;
  readonly customer: CustomerDetails;
  readonly productLines: readonly string[];
  readonly estimatedValue: Money;
  readonly expectedCloseDate: PlainDate;
  readonly submittedAt: Instant;
}

export interface PartnerSnapshot {
  readonly partnerId: string;
  readonly name: string;
  readonly domain: string | null;
  readonly country: string;
  readonly type: PartnerType;
  readonly track: PartnerTrack | null;
  readonly tier: PartnerTier | null;
  readonly status: PartnerStatus;
  readonly manager: string | null;
}

/** How sure the program is that two records name the same customer: act on exact, ask people about probable, note weak. */
export type MatchBand = 'exact' | 'probable' | 'weak';

export interface CustomerMatch {
  readonly band: MatchBand;
  /** The signals that led to the band, in words an insider understands, such as `same registrable domain contoso.com`. */
  readonly signals: readonly string[];
}

/** Another claim on what may be the same customer. `protectedLines` are the lines on which it holds an active protection now. */
export interface RivalClaim {
  readonly registrationId: string;
  readonly sequence: number;
  readonly partnerId: string;
  readonly status: RegistrationStatus;
  readonly productLines: readonly string[];
  readonly protectedLines: readonly string[];
  readonly match: CustomerMatch;
}

/** An opportunity of the direct sales team at what may be the same customer. `stageIndex` counts the open stages from 0; null when closed. */
export interface DirectOpportunity {
  readonly connection: string;
  readonly remoteId: string;
  readonly accountRemoteId: string;
  readonly stageIndex: number | null;
  readonly stageName: string;
  readonly isClosed: boolean;
  readonly owner: string | null;
  readonly createdAt: Instant;
  /** The later of last activity and creation; what staleness is measured from. */
  readonly lastActivityAt: Instant;
  readonly match: CustomerMatch;
}

/** Everything the rules may look at beside the claim, as it was known at `takenAt`. It is stored with the verdict. */
export interface EvidenceSnapshot {
  readonly takenAt: Instant;
  readonly partner: PartnerSnapshot;
  readonly rivals: readonly RivalClaim[];
  readonly opportunities: readonly DirectOpportunity[];
  /** Conflicts that people already settled in this claim's favour: a rule does not see again those with whom it was settled. */
  readonly settled: readonly SettledConflict[];
}

/** `with`: the registrations and opportunities on the other side, by id. Somebody new on the same customer is a new conflict. */
export interface SettledConflict {
  readonly rule: string;
  readonly with: readonly string[];
}
