/** The stages of a fresh Salesforce org, in their order. Source: Salesforce Help, "Opportunity stages". */

export interface OpportunityStage {
  readonly name: string;
  readonly isClosed: boolean;
  readonly isWon: boolean;
  readonly probability: number;
  readonly forecastCategory: string;
}

function open(name: string, probability: number): OpportunityStage {
  return { name, isClosed: false, isWon: false, probability, forecastCategory: 'Pipeline' };
}

export const OPPORTUNITY_STAGES: readonly OpportunityStage[] = [
  open('Prospecting', 10),
  open('Qualification', 10),
  open('Needs Analysis', 20),
  open('Value Proposition', 50),
  open('Id. Decision Makers', 60),
  open('Perception Analysis', 70),
  open('Proposal/Price Quote', 75),
  open('Negotiation/Review', 90),
  { name: 'Closed Won', isClosed: true, isWon: true, probability: 100, forecastCategory: 'Closed' },
  { name: 'Closed Lost', isClosed: true, isWon: false, probability: 0, forecastCategory: 'Omitted' },
];

/** The stage called `name` without regard to case; null for a value outside the list, which Salesforce keeps and treats as open. */
export function findStage(name: string): OpportunityStage | null {
  return OPPORTUNITY_STAGES.find((stage) => stage.name.toLowerCase() === name.toLowerCase()) ?? null;
}
