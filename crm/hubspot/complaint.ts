import { isObject, textOrNull, type JsonObject } from '../answer-shape.ts';

/** What is wrong with one value, or one reason of several. */
export interface ComplaintDetail {
  readonly code: string | null;
  readonly message: string;
  readonly property: string | null;
}

/** What HubSpot said against a call or a row, without values that could name a person. */
export interface HubspotComplaint {
  readonly category: string | null;
  readonly message: string;
  readonly details: readonly ComplaintDetail[];
  /** Which limit was reached: TEN_SECONDLY_ROLLING, SECONDLY, DAILY. */
  readonly policyName: string | null;
  /** The property of a unique value that another record holds, and that record's id. */
  readonly clash: { readonly property: string | null; readonly ownerId: string } | null;
}

const MOST_CHARS = 1_000;

/** The complaint in an error body; null where it is not HubSpot's JSON, such as the page of a gateway. */
export function readComplaint(body: string): HubspotComplaint | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return isObject(parsed) ? complaintOf(parsed) : null;
  } catch {
    return null;
  }
}

/**
 * An error object, of a call or of a row of a batch; all of its members may be missing. Bad values are told in `errors`, or as JSON within the message.
 * https://developers.hubspot.com/docs/api-reference/error-handling
 */
export function complaintOf(error: JsonObject): HubspotComplaint {
  const message = textOrNull(error['message']) ?? '';
  const told = listOf(error['errors']).map(detailOf);
  return {
    category: textOrNull(error['category']),
    message: withoutValues(message),
    details: told.length > 0 ? told : valuesInMessage(message),
    policyName: textOrNull(error['policyName']),
    clash: clashOf(message),
  };
}

function detailOf(detail: JsonObject): ComplaintDetail {
  const context = isObject(detail['context']) ? detail['context'] : {};
  const scopes = [context['requiredScopes'], context['requiredGranularScopes']].flat().filter((scope) => typeof scope === 'string');
  const names = [context['propertyName'], detail['name'], detail['in']].flat();
  const message = withoutValues(textOrNull(detail['message']) ?? '');
  return {
    code: textOrNull(detail['code']) ?? textOrNull(detail['error']),
    message: scopes.length === 0 ? message : `${message} (${scopes.join(', ')})`,
    property: names.find((name) => typeof name === 'string') ?? null,
  };
}

/** `Property values were not valid: [{"isValid":false,"message":…,"error":"INVALID_OPTION","name":…}]` */
function valuesInMessage(message: string): readonly ComplaintDetail[] {
  const list = /\[\{.*\}\]/s.exec(message)?.[0];
  if (list === undefined) return [];
  try {
    return listOf(JSON.parse(list)).map(detailOf);
  } catch {
    return [];
  }
}

/** Of two ids, the first is that of the record that was to be written. */
function clashOf(message: string): HubspotComplaint['clash'] {
  const ownerId = /(\d+) already has that value/.exec(message)?.[1] ?? /Existing ID: (\d+)/i.exec(message)?.[1];
  if (ownerId === undefined) return null;
  // A contact's address is the only value that is refused in words without its name.
  const unnamed = /^Contact already exists/i.test(message) ? 'email' : null;
  return { property: /propertyName=([^,}]+)/.exec(message)?.[1] ?? unnamed, ownerId };
}

/** Without addresses of people, the values of unique properties, and what is repeated as JSON. */
function withoutValues(message: string): string {
  return message
    .replace(/: \[\{.*\}\]/s, '')
    .replace(/value=[^}]*\}/g, 'value=…}')
    .replace(/[^\s"'<>()[\]{},;:=]+@[^\s"'<>()[\]{},;:=]+/g, '…@…')
    .slice(0, MOST_CHARS);
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
