import type { PartnerSnapshot } from '../claim.ts';
import type { Program } from '../definition/program.ts';
import type { RegistrationKind } from '../vocabulary.ts';
import { quiet, type Rule } from './rule.ts';

/**
 * C18: the partner has to be active, and its track (its type, where it has no track), and its tier where the row names tiers, have to allow this kind of
 * registration. A partner without a tier is in none.
 * Source: Acme's handbook, *tracks*; published programs refuse at receipt and say what to mend.
 */
export const partnerNotEligible: Rule<'C18_partner_not_eligible'> = {
  id: 'C18_partner_not_eligible',
  examine: ({ program, claim, evidence: { partner } }) => {
    const exhibits = [{ kind: 'partner', summary: describe(partner) }];
    const found = { kind: 'found', exhibits, rivalIds: [], opportunity: null } as const;
    if (!program.eligibility.partnerStatuses.includes(partner.status)) {
      const needed = program.eligibility.partnerStatuses.join(' or ');
      return {
        ...found,
        situation: 'status',
        message: `Partner ${partner.partnerId} is ${partner.status}; only ${needed} partners may register.`,
        partnerMessage: `Your partner account is ${partner.status}; only ${needed} partners may register. ${REMEDY_BY_STATUS[partner.status]}`,
      };
    }
    const allowed = allowedKinds(program, partner);
    if (!allowed.includes(claim.kind)) {
      return {
        ...found,
        situation: 'kind',
        message: `Partner ${partner.partnerId} (${describe(partner)}) may not register ${claim.kind}; allowed: ${allowed.join(', ') || 'nothing'}.`,
        partnerMessage: `${whoYouAre(partner)} cannot register deals of kind ${claim.kind}. ${remedyByKind(program, claim.kind, allowed, partner)}`,
      };
    }
    return quiet(
      `Partner ${partner.partnerId} (${describe(partner)}) may register ${claim.kind}.`,
      'You may register this kind of deal.',
      exhibits,
    );
  },
};

/** The kinds that the program lets this partner register, by the first row that fits; empty when none does. */
export function allowedKinds(program: Program, partner: Standing): readonly RegistrationKind[] {
  const { track, type, tier } = partner;
  const row = program.eligibility.rows
    .filter(({ types, tracks }) => (track === null ? types.includes(type) : tracks.includes(track)))
    .find(({ tiers }) => tiers.length === 0 || (tier !== null && tiers.includes(tier)));
  return row?.kinds ?? [];
}

type Standing = Pick<PartnerSnapshot, 'track' | 'type' | 'tier'>;

/** The kind of a submission that names none, by the partner's track or, where it has none, by what its type may register. */
export function defaultKind(program: Program, partner: Standing): RegistrationKind {
  const { byTrack, otherwise } = program.eligibility.defaultKind;
  // A track may have any name: `constructor` is none that the program declares.
  const byItsTrack = partner.track === null || !Object.hasOwn(byTrack, partner.track) ? undefined : byTrack[partner.track];
  return byItsTrack ?? allowedKinds(program, partner)[0] ?? otherwise;
}

const REMEDY_BY_STATUS = {
  applicant: 'Complete your application, then submit again.',
  active: '',
  suspended: 'Ask your partner manager what to settle so that the account is active again, then submit again.',
  terminated: 'The agreement has ended; ask partner operations about a new one.',
} as const;

function remedyByKind(program: Program, kind: RegistrationKind, allowed: readonly RegistrationKind[], partner: PartnerSnapshot): string {
  if (allowed.length > 0)
    return `Submit it as ${allowed.join(' or ')}, or ask your partner manager about joining a track that allows ${kind}.`;
  const rows = program.eligibility.rows.filter((row) => row.kinds.includes(kind));
  const tracks = [...new Set(rows.flatMap((row) => row.tracks))];
  const own = rows.filter((row) => partner.track !== null && row.tracks.includes(partner.track));
  if (own.length > 0)
    return `It takes the tier ${[...new Set(own.flatMap((row) => row.tiers))].join(' or ')}. Ask your partner manager how to reach it.`;
  return tracks.length === 0
    ? 'Ask your partner manager which deals you can register.'
    : `Ask your partner manager about joining the ${tracks.join(' or ')} track, then submit again.`;
}

function whoYouAre(partner: PartnerSnapshot): string {
  return partner.track === null ? `A partner of type ${partner.type} without a track` : `A partner of the ${partner.track} track`;
}

function describe(partner: PartnerSnapshot): string {
  return `type ${partner.type}, track ${partner.track ?? 'none'}, tier ${partner.tier ?? 'none'}, ${partner.status}`;
}
