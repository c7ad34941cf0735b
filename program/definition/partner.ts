import { z } from 'zod';
import { PARTNER_STATUSES, PARTNER_TIERS, PARTNER_TRACKS, PARTNER_TYPES, REGISTRATION_KINDS } from '../vocabulary.ts';
import { anyOf, id, listOf, section, text, word } from './scalar.ts';

/** Who a partner is: what it is worth to the vendor, how it earns, how much help it gets. */
export const partnerType = section({
  id: word(PARTNER_TYPES),
  label: text,
  primaryValue: text,
  revenueModel: listOf(id),
  support: id,
});

/** A tier of a track's ladder. `requirements` say what has to be reached; a tier without any is the entry. */
const tier = section({ id: word(PARTNER_TIERS), label: text, requirements: anyOf(text) });

/** A track with its ladder from the lowest tier to the highest; a flat track has none. */
export const track = section({
  id: word(PARTNER_TRACKS),
  label: text,
  summary: text,
  director: id.nullable(),
  tiers: anyOf(tier),
});

/**
 * Which partners may register which kinds. The first row that fits a partner decides: by its track, or by its type where it has no track.
 * A partner that no row fits may register nothing.
 */
export const eligibility = section({
  partnerStatuses: listOf(word(PARTNER_STATUSES)),
  rows: listOf(
    section({ tracks: anyOf(word(PARTNER_TRACKS)), types: anyOf(word(PARTNER_TYPES)), kinds: listOf(word(REGISTRATION_KINDS)) }),
  ),
  /** Taken where a submission names no kind. */
  defaultKind: section({ byTrack: z.partialRecord(word(PARTNER_TRACKS), word(REGISTRATION_KINDS)), otherwise: word(REGISTRATION_KINDS) }),
});
