import type { Instant } from './vocabulary.ts';

/** Canonical values by our field names. A missing key is unknown, null is empty: three states, never two. */
export type CanonicalRecord = Readonly<Record<string, string | null>>;

/**
 * Who may change a field. `ours`: we write it, a change made in the CRM is written back. `theirs`: the CRM's. `newest`: the later edit in the CRM's own time.
 * `command`: set in the CRM, consumed and cleared by us.
 */
export type FieldPolicy = 'ours' | 'theirs' | 'newest' | 'command';

/** When each side last edited a field, both in the CRM's time; missing where it is not known. */
export interface EditTimes {
  readonly ours: Readonly<Record<string, Instant>>;
  readonly theirs: Readonly<Record<string, Instant>>;
}

export type FieldPlan =
  /** Both sides agree; the base becomes that value. */
  | { readonly kind: 'equal'; readonly value: string | null }
  /** Their value becomes ours. `overrode` is our edit that lost, where there was one. */
  | { readonly kind: 'take'; readonly value: string | null; readonly overrode: boolean }
  /** Our value is written to them. `overrode`: they had edited the field too, and the policy or the time decided against them. */
  | { readonly kind: 'send'; readonly value: string | null; readonly overrode: boolean }
  /** A command was set in the CRM: it is to be carried out and the field cleared. */
  | { readonly kind: 'consume'; readonly value: string };

export type MergePlan = Readonly<Record<string, FieldPlan>>;

/**
 * Says field by field what brings two records together, given the last values both sides agreed on.
 *
 * `base` null means that they never agreed on anything (the first match). A field unknown on a side (missing key) is left out of the plan: unknown is not empty.
 * An own write that is read back equals the base and plans `equal`: that is the whole echo rule.
 * Two edits of a `newest` field: the later one wins; equal or unknown times go to the CRM, where a person made the edit.
 */
export function planMerge(
  base: CanonicalRecord | null,
  ours: CanonicalRecord,
  theirs: CanonicalRecord,
  policies: Readonly<Record<string, FieldPolicy>>,
  times: EditTimes,
): MergePlan {
  const plan: Record<string, FieldPlan> = {};
  for (const [field, policy] of Object.entries(policies)) {
    const their = theirs[field];
    if (policy === 'command') {
      if (their !== undefined && their !== null) plan[field] = { kind: 'consume', value: their };
      continue;
    }
    const our = ours[field];
    if (our === undefined || their === undefined) continue;
    plan[field] = planField(field, policy, base === null ? undefined : base[field], our, their, times);
  }
  return plan;
}

function planField(
  field: string,
  policy: Exclude<FieldPolicy, 'command'>,
  base: string | null | undefined,
  ours: string | null,
  theirs: string | null,
  times: EditTimes,
): FieldPlan {
  if (ours === theirs) return { kind: 'equal', value: ours };
  const oursChanged = ours !== base;
  const theirsChanged = theirs !== base;
  switch (policy) {
    case 'ours':
      return { kind: 'send', value: ours, overrode: theirsChanged && base !== undefined };
    case 'theirs':
      return { kind: 'take', value: theirs, overrode: oursChanged && base !== undefined };
    case 'newest': {
      if (!theirsChanged) return { kind: 'send', value: ours, overrode: false };
      if (!oursChanged) return { kind: 'take', value: theirs, overrode: false };
      if (base === undefined && theirs === null) return { kind: 'send', value: ours, overrode: false };
      if (base === undefined && ours === null) return { kind: 'take', value: theirs, overrode: false };
      const oursAt = times.ours[field];
      const theirsAt = times.theirs[field];
      const oursIsLater = oursAt !== undefined && theirsAt !== undefined && Date.parse(oursAt) > Date.parse(theirsAt);
      return oursIsLater ? { kind: 'send', value: ours, overrode: true } : { kind: 'take', value: theirs, overrode: true };
    }
  }
}

/** The fields that both sides edited since the base, so that their times have to be known before planning. */
export function contestedFields(
  base: CanonicalRecord | null,
  ours: CanonicalRecord,
  theirs: CanonicalRecord,
  policies: Readonly<Record<string, FieldPolicy>>,
): readonly string[] {
  return Object.keys(policies).filter((field) => {
    const our = ours[field];
    const their = theirs[field];
    if (policies[field] !== 'newest' || our === undefined || their === undefined || our === their) return false;
    return base === null || base[field] === undefined || (our !== base[field] && their !== base[field]);
  });
}
