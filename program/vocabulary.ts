/** What the HTTP API, the CRMs and the rules share. Values are the API's values, in snake case; labels are for people and live with the pages. */

/** The ids of the sample program, which are also the values of the picklists that are shipped into the CRMs. Programs may declare others. */
export const PARTNER_TYPES = ['technology', 'referral', 'reseller', 'affiliate', 'si_consultant', 'strategic', 'oem'] as const;
export const PARTNER_TRACKS = ['technology', 'solution', 'referral'] as const;
export const PARTNER_TIERS = ['registered', 'certified', 'premier', 'silver', 'gold', 'platinum'] as const;
export const REGISTRATION_KINDS = ['resale', 'referral', 'co_sell', 'renewal'] as const;

/** What a program calls its types, tracks, tiers and kinds of registration is its own: ids in snake case that the definition declares. */
export type PartnerType = string;
export type PartnerTrack = string;
export type PartnerTier = string;
export type RegistrationKind = string;

export const PARTNER_STATUSES = ['applicant', 'active', 'suspended', 'terminated'] as const;
export type PartnerStatus = (typeof PARTNER_STATUSES)[number];

export const REGISTRATION_STATUSES = [
  'submitted',
  'in_review',
  'returned',
  'approved',
  'denied',
  'withdrawn',
  'lapsed',
  'expired',
  'won',
  'lost',
  'revoked',
] as const;
export type RegistrationStatus = (typeof REGISTRATION_STATUSES)[number];

export const DECISIONS = ['approve', 'deny', 'return'] as const;
export type Decision = (typeof DECISIONS)[number];

/** What a rep may ask for on the record itself, in the command field. */
export const REQUESTED_DECISIONS = [...DECISIONS, 'extend'] as const;
export type RequestedDecision = (typeof REQUESTED_DECISIONS)[number];

export const CASE_STATUSES = ['open', 'resolved', 'appealed'] as const;
export type CaseStatus = (typeof CASE_STATUSES)[number];

export const CASE_OUTCOMES = ['uphold', 'award', 'split', 'deny', 'co_sell', 'revoke'] as const;
export type CaseOutcome = (typeof CASE_OUTCOMES)[number];

/**
 * What a connection carries. `partner`, `registration` and `task` go both ways; the others come in, as evidence, and of an opportunity we say which registration is its
 * primary.
 */
export const OBJECT_TYPES = ['user', 'account', 'partner', 'opportunity', 'registration', 'task'] as const;
export type ObjectType = (typeof OBJECT_TYPES)[number];
/** A connection works without these: a CRM that was set up before they were shipped lacks what they need. */
export const OPTIONAL_OBJECT_TYPES: ReadonlySet<ObjectType> = new Set<ObjectType>(['task']);

export const ISSUE_CATEGORIES = [
  'auth',
  'permission',
  'mapping',
  'invalid_value',
  'duplicate',
  'association',
  'owner',
  'deleted_or_merged',
  'limit',
  'unavailable',
  'conflict',
] as const;
export type IssueCategory = (typeof ISSUE_CATEGORIES)[number];

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;
/** An ISO 8601 instant in UTC, such as `2026-11-23T09:30:00.000Z`. */
export type Instant = string;
/** A calendar date without a time zone, such as `2027-01-31`. */
export type PlainDate = string;
/** An amount as a decimal string with its ISO 4217 code; never a float. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}
