import { z } from 'zod';
import { PARTNER_STATUSES } from '../vocabulary.ts';
import { anyOf, decimal, id, listOf, section, text, word } from './scalar.ts';

/** Who a partner is: what it is worth to the vendor, how it earns, how much help it gets. */
export const partnerType = section({
  id,
  label: text,
  primaryValue: text,
  revenueModel: anyOf(id),
  support: id,
});

/** A figure by which partners are measured, and what can be reached at most; `atMost` null: without an end. */
export const partnerMeasure = section({
  id,
  label: text,
  unit: word(['count', 'money', 'percent', 'held']),
  atMost: decimal.nullable().default(null),
});

/**
 * A tier of a track's ladder. `criteria` are what has to be reached in a program's measures; `requirements` are words beside them. A tier without either is the
 * entry. `assignedBy`: a role that puts partners there by its own judgement.
 */
const tier = section({
  id,
  label: text,
  requirements: anyOf(text).default([]),
  criteria: anyOf(section({ measure: id, atLeast: decimal })).default([]),
  assignedBy: id.nullable().default(null),
});

/** A track with its ladder from the lowest tier to the highest; a flat track has none. */
export const track = section({
  id,
  label: text,
  summary: text,
  director: id.nullable(),
  tiers: anyOf(tier),
});

/**
 * Which partners may register which kinds. The first row that fits a partner decides: by its track, or by its type where it has no track.
 * A partner that no row fits may register nothing. `tiers`: only these, where it names any.
 */
export const eligibility = section({
  partnerStatuses: listOf(word(PARTNER_STATUSES)),
  rows: listOf(section({ tracks: anyOf(id), types: anyOf(id), tiers: anyOf(id).default([]), kinds: listOf(id) })),
  /** Taken where a submission names no kind. */
  defaultKind: section({ byTrack: z.record(id, id), otherwise: id }),
});
