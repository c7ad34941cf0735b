import { hubspot } from '@hubspot/ui-extensions';

export interface CardAction {
  readonly name: 'approve' | 'deny' | 'return' | 'extend';
  readonly label: string;
  readonly needsReason: boolean;
}

/** As Dealkeeper answers: docs/hubspot.md, "The card". */
export interface Card {
  readonly title: string;
  readonly label: string;
  readonly tone: 'default' | 'success' | 'warning' | 'error' | 'info';
  readonly protectedUntil: string | null;
  readonly review: { readonly step: string; readonly approver: string | null; readonly dueAt: string } | null;
  readonly conflict: string | null;
  readonly decision: string | null;
  readonly note: string | null;
  readonly actions: readonly CardAction[];
  readonly hint: string | null;
}

/** Of the config profile that the project was uploaded with. */
export type Variables = Readonly<Record<string, string | number | bigint | boolean>> | undefined;

/** The record that the card is on. Ids of records are those of their type alone. */
export interface RecordPlace {
  readonly objectTypeId: string;
  readonly recordId: string;
}

export async function readCard(variables: Variables, place: RecordPlace) {
  const answer = await ask(variables, place, '', { method: 'GET' });
  if (answer.kind === 'failed') return answer.status === 404 ? ({ kind: 'none', reason: answer.reason } as const) : answer;
  return { kind: 'card', card: answer.body } as const;
}

/** What was sent and not answered: it may have been carried out. By content its key, so that to press again is to send the same. */
const unanswered = new Map<string, string>();
/** Answers after which it is known what became of a command. */
const DEFINITE: ReadonlySet<number | null> = new Set([400, 401, 403, 404, 409, 422]);

export async function sendCommand(variables: Variables, place: RecordPlace, action: CardAction['name'], comment: string) {
  const content = JSON.stringify([place, action, comment]);
  // HubSpot repeats a request that fails on the way, and so do people: by its key it is carried out once.
  const key = unanswered.get(content) ?? `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 14)}`;
  unanswered.set(content, key);
  const answer = await ask(variables, place, '/commands', { method: 'POST', body: { action, comment, key } });
  if (answer.kind === 'answered' || DEFINITE.has(answer.status)) unanswered.delete(content);
  if (answer.kind === 'failed') {
    const isOpen = unanswered.has(content);
    return { kind: 'refused', message: isOpen ? 'No answer came in time. Press again: it is carried out once.' : answer.reason } as const;
  }
  return { kind: 'done', message: answer.body.message ?? 'Done.', card: answer.body } as const;
}

type Answered =
  | { readonly kind: 'answered'; readonly body: Card & { readonly message?: string } }
  | { readonly kind: 'failed'; readonly status: number | null; readonly reason: string };

async function ask(
  variables: Variables,
  { objectTypeId, recordId }: RecordPlace,
  path: string,
  options: { method: 'GET' | 'POST'; body?: Record<string, unknown> },
): Promise<Answered> {
  const url = String(variables?.['DEALKEEPER_URL'] ?? '');
  const connection = String(variables?.['DEALKEEPER_CONNECTION'] ?? 'hubspot');
  if (url === '') return { kind: 'failed', status: null, reason: 'The project was uploaded without the variable DEALKEEPER_URL.' };
  try {
    const address = `${url}/crm-card/hubspot/${encodeURIComponent(connection)}/registrations/${encodeURIComponent(recordId)}${path}?objectTypeId=${encodeURIComponent(objectTypeId)}`;
    const response = await hubspot.fetch(address, { ...options, timeout: 10_000 });
    const body = await response.json();
    if (response.ok) return { kind: 'answered', body };
    return { kind: 'failed', status: response.status, reason: String(body?.detail ?? `Dealkeeper answered ${response.status}.`) };
  } catch {
    return { kind: 'failed', status: null, reason: 'No answer came. Try again.' };
  }
}
