import type { RuleTexts } from './rule-text.ts';

const CERTAIN = 'It is certainly the same customer.';
const PROBABLE = 'It may be the same customer; people look.';

/** The rules about the vendor's own sales team. */
export const DIRECT_RULE_TEXTS: RuleTexts<
  'C05_direct_early_stage' | 'C06_direct_late_active' | 'C07_direct_stale' | 'C08_direct_contact' | 'C15_parent_or_child' | 'C27_bypass'
> = {
  C05_direct_early_stage: {
    title: 'Direct opportunity in an early stage',
    finds:
      'The direct team has an open opportunity at the customer in one of the first stages. One whose stage is not known counts as early.',
    situations: { exact: CERTAIN, probable: PROBABLE },
    parameters: {},
    usual: 'partner manager, then the sales manager; where sales is silent for 10 days it is approved',
    source: 'GitLab 2026, stages 0–2',
    example: `directOpportunities:
  earlyStages: 3 # the first three open stages
  staleAfter: 180 days
  countsWhenCreatedAfterReceipt: false # a rep may open one after seeing the registration
rules:
  order:
    - id: C05_direct_early_stage
      on:
        exact:
          outcome: review
          decider: partner_manager
          then: [{ role: director, deadline: 10 days, silence: approve }]
        probable: { outcome: review, decider: partner_manager }
`,
  },
  C06_direct_late_active: {
    title: 'Active direct opportunity in a late stage',
    finds: 'The direct team has an opportunity in a later stage and worked on it lately; at exactly the declared age it is still active.',
    situations: { exact: CERTAIN, probable: PROBABLE },
    parameters: {},
    usual: 'denied with an offer to sell together, 2 hours to 1 business day',
    source: 'GitLab 2026, stages 3–6',
    example: `rules:
  order:
    - id: C06_direct_late_active
      on:
        exact: { outcome: deny, waitlist: false, offer: Ask your partner manager about a co-sell. }
        probable: { outcome: review, decider: partner_manager }
`,
  },
  C07_direct_stale: {
    title: 'Direct opportunity that nobody touches',
    finds: 'The direct team has an opportunity in a later stage, and nobody worked on it for longer than the declared time.',
    situations: { exact: CERTAIN, probable: 'It may be the same customer.' },
    parameters: {},
    usual: 'approved, 1 business day',
    source: 'GitLab 2026, over 180 days',
    example: `rules:
  order:
    - id: C07_direct_stale
      on:
        exact: { outcome: note }
        probable: { outcome: note }
`,
  },
  C08_direct_contact: {
    title: 'Direct contact shortly before',
    finds: 'The direct team was in touch with the customer within some time before the receipt, also without an opportunity.',
    situations: {
      exact: CERTAIN,
      probable: PROBABLE,
      after_receipt: 'The last contact that is known came after the receipt; whether there was one before is not known.',
    },
    parameters: { lookback: 'how long before the receipt a contact counts; at exactly that age it does' },
    usual: 'returned or denied by the partner manager, 2 business days',
    source: 'NeuVector (6 months); others 60 days',
    example: `rules:
  order:
    - id: C08_direct_contact
      with: { lookback: 6 months }
      on:
        exact: { outcome: return, ask: Tell us what you discussed with the customer and when. }
        probable: { outcome: review, decider: partner_manager }
        after_receipt: { outcome: note }
`,
  },
  C15_parent_or_child: {
    title: "At another company of the customer's group",
    finds:
      'At the parent, a child or a sibling of the customer another partner stands on the line, or the direct team has an opportunity. It is never taken for the same customer.',
    situations: {
      registered: 'Another partner is protected there, or comes first.',
      direct: 'The direct team has an open opportunity there, and no partner stands.',
    },
    parameters: { sitesDiffer: 'whether two registrations that name different sites are two deals' },
    usual: 'no conflict where site or buyer differ; otherwise the partner manager, 2 business days',
    source: 'Sophos, GitLab and NeuVector register deals of a company or its subdivision',
    example: `rules:
  order:
    - id: C15_parent_or_child
      with: { sitesDiffer: true }
      on:
        registered: { outcome: review, decider: partner_manager, deadline: 2 business days }
        direct: { outcome: review, decider: partner_manager, deadline: 2 business days }
`,
  },
  C27_bypass: {
    title: 'The direct team bypasses a protection',
    finds:
      'While a registration is protected, the direct team opens an opportunity at the same customer, wins one there without the partner, or takes away the one of which the registration is the primary. It is asked of approved registrations.',
    situations: { direct_opportunity: 'People settle it; the protection goes on meanwhile.' },
    parameters: {},
    usual: 'a case for the director, 1 business day',
    source: "GitLab: a registration is not overridden by a rep's opportunity",
    example: `rules:
  order:
    - id: C27_bypass
      on:
        direct_opportunity: { outcome: review, decider: director, deadline: 1 business day }
`,
  },
};
