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

/** A piece of proof that came with a claim. `kind` is the partner's word, in snake case where programs refer to it: `customer_letter`, `meeting`. */
export interface Proof {
  readonly kind: string;
  readonly date: PlainDate | null;
}

/** What only some programs ask of a claim; null or empty where the partner did not say, which is never the same as no. */
export interface ClaimFacts {
  /** Units of the product. */
  readonly quantity: number | null;
  /** What the customer pays today, per term, for what is renewed. */
  readonly currentContract: { readonly value: Money; readonly endsOn: PlainDate | null } | null;
  readonly tender: { readonly reference: string; readonly publishedOn: PlainDate } | null;
  readonly distributor: string | null;
  /** The reseller on the quote, by our id or its external id. */
  readonly quotedPartner: string | null;
  /** Through which marketplace the deal is transacted, such as `aws`. */
  readonly marketplace: string | null;
  /** The department, plant or subdivision that buys: the same customer at another site may be another opportunity. */
  readonly site: string | null;
  readonly proofs: readonly Proof[];
  /** Answers to what the program's own intake asks, by its id. */
  readonly answers: Readonly<Record<string, string | number | boolean>>;
}

export const NO_FACTS: ClaimFacts = {
  quantity: null,
  currentContract: null,
  tender: null,
  distributor: null,
  quotedPartner: null,
  marketplace: null,
  site: null,
  proofs: [],
  answers: {},
};

/** What the program decides on: one partner's claim as it stands at the moment of the verdict. `sequence` orders receipts; no two are equal. */
export interface ClaimSnapshot {
  readonly registrationId: string;
  readonly sequence: number;
  readonly kind: RegistrationKind;
  readonly customer: CustomerDetails;
  readonly productLines: readonly string[];
  readonly estimatedValue: Money;
  readonly expectedCloseDate: PlainDate;
  /** Its receipt; that of its completion where the program gives a completed claim a later one. */
  readonly submittedAt: Instant;
  readonly facts: ClaimFacts;
}

export interface PartnerSnapshot {
  readonly partnerId: string;
  /** The id that the partner's own system has; programs name partners by it. */
  readonly externalId: string;
  readonly name: string;
  /** As evidence: its own; null also where it uses one of a provider of free mail, which is nobody's own. */
  readonly domain: string | null;
  readonly country: string;
  readonly type: PartnerType;
  readonly track: PartnerTrack | null;
  readonly tier: PartnerTier | null;
  readonly status: PartnerStatus;
  readonly manager: string | null;
  /** Regions of the partner's agreement, by their ids in the program; empty: the region of its country. */
  readonly regions: readonly string[];
  readonly companyNumber: string | null;
}

/** How sure the program is that two records name the same customer: act on exact, ask people about probable, note weak. */
export type MatchBand = 'exact' | 'probable' | 'weak';

export interface CustomerMatch {
  readonly band: MatchBand;
  /** The signals that led to the band, in words an insider understands, such as `same registrable domain contoso.com`. */
  readonly signals: readonly string[];
  /** How alike the records are, 0 to 1: the band's place on one scale, from the signals' declared weights. It orders, the band decides. */
  readonly score: number;
}

/** How the other record's customer stands to the claim's: the same company, or another of its group. */
export type Relation = 'same' | 'parent' | 'child' | 'sibling';

/** Another claim on what may be the same customer. `protectedLines` are the lines on which it holds an active protection now. */
export interface RivalClaim {
  readonly registrationId: string;
  readonly sequence: number;
  readonly partnerId: string;
  readonly status: RegistrationStatus;
  readonly productLines: readonly string[];
  readonly protectedLines: readonly string[];
  readonly match: CustomerMatch;
  readonly kind: RegistrationKind;
  readonly submittedAt: Instant;
  /** When it stopped standing: expired, lost, denied, withdrawn; null while it stands. */
  readonly endedAt: Instant | null;
  readonly site: string | null;
  readonly proofs: readonly Proof[];
  /** `same` for all of `EvidenceSnapshot.rivals`; the others are among `relatives`. */
  readonly relation: Relation;
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
  readonly relation: Relation;
}

/** That the direct team was in touch with an account that may be the customer. */
export interface DirectContact {
  readonly connection: string;
  readonly accountRemoteId: string;
  readonly lastContactAt: Instant;
  readonly match: CustomerMatch;
}

/** Something the customer bought before. `productLine` null: it is not known what. `partnerId` null: bought directly. */
export interface Purchase {
  readonly source:
    | { readonly kind: 'registration'; readonly registrationId: string }
    | { readonly kind: 'opportunity'; readonly connection: string; readonly remoteId: string };
  readonly productLine: string | null;
  readonly partnerId: string | null;
  readonly boughtAt: Instant;
  readonly match: CustomerMatch;
}

/** How the claim's partner has registered so far, this claim not counted. */
export interface PartnerRecord {
  readonly undecided: number;
  readonly active: number;
  /** Received in the 30 days of 24 h before the evidence was taken. */
  readonly receivedLast30Days: number;
  /** Of the last 365 days. */
  readonly decidedLastYear: number;
  readonly wonLastYear: number;
}

/** What the claim was when it was approved: what has drifted since is seen against it. Null for a claim that is not approved. */
export interface ApprovedPosition {
  readonly approvedAt: Instant;
  readonly partnerId: string;
  readonly customer: CustomerDetails;
  readonly productLines: readonly string[];
  readonly estimatedValue: Money;
  readonly until: Instant;
}

/** An opportunity that is linked to the claim: as it was when it was linked (or the claim approved, where that came later), and as it is. */
export interface LinkedOpportunity {
  readonly connection: string;
  readonly remoteId: string;
  readonly isPrimary: boolean;
  /** The CRM names no currency: amounts are taken to be in that of the program's routing. Null where the opportunity has none. */
  readonly amount: string | null;
  readonly amountBefore: string | null;
  readonly accountRemoteId: string | null;
  readonly accountBefore: string | null;
  /** How the account that it is at now matches the claim's customer; null where it does not at all. */
  readonly match: CustomerMatch | null;
  /** The approved claims of other partners that are linked to it, too. */
  readonly beside: readonly BesideClaim[];
}

export interface BesideClaim {
  readonly registrationId: string;
  readonly partnerId: string;
  readonly kind: RegistrationKind;
  readonly isPrimary: boolean;
}

/** An opportunity of which the claim was the primary, until somebody in the CRM took it away, or tried to (`primary_edited`). */
export interface LostOpportunity {
  readonly connection: string;
  readonly remoteId: string;
  readonly how: 'unlinked' | 'relinked' | 'primary_edited';
  readonly lostAt: Instant;
  /** The other claim that is its primary now; null where none is. */
  readonly heldBy: string | null;
}

/** A direct opportunity with the time at which it was seen to be won; null where it was not, or was won before anybody looked. */
export type BypassingOpportunity = DirectOpportunity & { readonly wonAt: Instant | null };

/** What became of the claim's own opportunities since its approval, and what the direct team made of others at its customer. */
export interface ConversionEvidence {
  readonly linked: readonly LinkedOpportunity[];
  readonly lost: readonly LostOpportunity[];
  /** Those that are not among the open direct opportunities: won ones, and open ones at the account at which people placed the claim. */
  readonly direct: readonly BypassingOpportunity[];
}

export const NO_CONVERSION: ConversionEvidence = { linked: [], lost: [], direct: [] };

/** Everything the rules may look at beside the claim, as it was known at `takenAt`. It is stored with the verdict. */
export interface EvidenceSnapshot {
  readonly takenAt: Instant;
  readonly partner: PartnerSnapshot;
  /** Claims on what may be the same customer: those that stand, and those that ended within the time that rules look back. */
  readonly rivals: readonly RivalClaim[];
  /** Claims on other companies of the customer's group. */
  readonly relatives: readonly RivalClaim[];
  /** Open direct opportunities at the customer and, by `relation`, at its group. */
  readonly opportunities: readonly DirectOpportunity[];
  readonly contacts: readonly DirectContact[];
  readonly purchases: readonly Purchase[];
  readonly record: PartnerRecord;
  readonly approved: ApprovedPosition | null;
  /** Conflicts that people already settled in this claim's favour: a rule does not see again those with whom it was settled. */
  readonly settled: readonly SettledConflict[];
  readonly conversion: ConversionEvidence;
}

/** `with`: the registrations and opportunities on the other side, by id. Somebody new on the same customer is a new conflict. */
export interface SettledConflict {
  readonly rule: string;
  readonly with: readonly string[];
}

export const NO_RECORD: PartnerRecord = { undecided: 0, active: 0, receivedLast30Days: 0, decidedLastYear: 0, wonLastYear: 0 };
