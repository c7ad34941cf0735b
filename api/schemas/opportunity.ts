import { z } from 'zod';
import { alias, body, line, paragraph, word } from './text.ts';

const ACTIONS = ['link', 'relink', 'unlink', 'create'] as const;

/** `opportunity` is the CRM's id, and is named for a link alone; `connection` may be left out where there is one. `primary` left out: as the program says. */
export const opportunityBody = body({
  action: word(ACTIONS),
  connection: line(100).optional(),
  opportunity: line(100).optional(),
  primary: z.boolean({ error: 'expected true or false' }).optional(),
  actor: alias,
  reason: paragraph(0, 2000).default(''),
}).check((context) => {
  if (context.issues.length > 0) return;
  const { action, opportunity, primary } = context.value;
  const isLink = action === 'link' || action === 'relink';
  const tell = (path: string, message: string): void =>
    void context.issues.push({ code: 'custom', message, path: [path], input: context.value });
  if (isLink && opportunity === undefined) tell('opportunity', `expected the id of an opportunity, to ${action} the registration to`);
  if (!isLink && opportunity !== undefined) tell('opportunity', `is not expected to ${action}`);
  if (!isLink && primary !== undefined) tell('primary', `is not expected to ${action}`);
});
export type OpportunityBody = z.output<typeof opportunityBody>;

/** The opportunity that a registration is linked to. `linkedAt` and `by` null: it was linked before that was kept. */
export const opportunityAnswer = z.object({
  connection: z.string(),
  remoteId: z.string(),
  primary: z.boolean().describe('whether the opportunity is credited to this registration; at most one is its primary'),
  linkedAt: z.string().nullable(),
  by: z.string().nullable().describe('a user, program, or the connection in which it was linked'),
});
