import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import { CrmFailure } from '../../failures.ts';
import { isObject, textOrNull, type JsonObject } from '../../answer-shape.ts';
import type { HttpExchange } from '../../http-exchange.ts';
import { BoundedTransport } from '../bounded-transport.ts';
import { classifyComplaint, type SalesforceComplaint } from '../classify-failure.ts';
import type { Session } from '../session.ts';

export interface MetadataCall {
  readonly operation: 'deploy' | 'checkDeployStatus' | 'cancelDeploy';
  readonly parameters: JsonObject;
}

const METADATA = 'http://soap.sforce.com/2006/04/metadata';
const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';
const MOST_RENEWALS = 2;
/** The elements of an answer that may be repeated. */
const LISTS = new Set(['componentFailures', 'componentSuccesses']);

const builder = new XMLBuilder({ ignoreAttributes: false });
const parser = new XMLParser({ removeNSPrefix: true, parseTagValue: false, htmlEntities: true, isArray: (name) => LISTS.has(name) });

/**
 * Makes one call of the Metadata API and returns its result. A session that is refused is renewed and the call repeated, as for all other calls.
 * jsforce's own client is not used: it renews without end, waits half an hour, and answers a fault of the edge with a TypeError.
 * Every failure is a `CrmFailure`. https://developer.salesforce.com/docs/atlas.en-us.api_meta.meta/api_meta/meta_intro.htm
 */
export async function callMetadata(session: Session, call: MetadataCall): Promise<JsonObject> {
  let held = await session.signedIn();
  for (let renewals = 0; ; renewals += 1) {
    const exchange = await send(session, call, held.accessToken);
    const { status, body, headers } = exchange;
    if (status === 200) return resultOf(call.operation, body);
    const complaint = readFault(body);
    if (complaint?.code !== 'INVALID_SESSION_ID') throw classifyComplaint(status, complaint, headers['retry-after']);
    if (renewals === MOST_RENEWALS || (renewals > 0 && held.isFresh))
      throw new CrmFailure('CRM_AUTH_FAILED', `A renewed session was refused: ${complaint.message}`);
    held = await session.renew(held.accessToken);
  }
}

async function send(session: Session, { operation, parameters }: MetadataCall, sessionId: string): Promise<HttpExchange> {
  const { apiVersion, requestTimeoutMs } = session.config;
  const transport = new BoundedTransport(requestTimeoutMs, (exchange, durationMs) => session.observe(operation, exchange, durationMs));
  await transport.exchange({
    method: 'POST',
    url: `${session.instanceUrl}/services/Soap/m/${apiVersion}`,
    headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""', accept: 'text/xml' },
    body: envelopeOf(operation, parameters, sessionId),
  });
  if (transport.lastExchange === null) throw new CrmFailure('CRM_UNAVAILABLE', 'The Metadata API did not answer');
  return transport.lastExchange;
}

function envelopeOf(operation: string, parameters: JsonObject, sessionId: string): string {
  const envelope = {
    'soapenv:Envelope': {
      '@_xmlns:soapenv': ENVELOPE,
      '@_xmlns': METADATA,
      'soapenv:Header': { SessionHeader: { sessionId } },
      'soapenv:Body': { [operation]: parameters },
    },
  };
  return `<?xml version="1.0" encoding="UTF-8"?>${builder.build(envelope)}`;
}

function resultOf(operation: string, text: string): JsonObject {
  const answer = bodyOf(text)?.[`${operation}Response`];
  const result = isObject(answer) ? answer['result'] : undefined;
  if (isObject(result)) return result;
  throw new CrmFailure('CRM_UNAVAILABLE', `The answer to ${operation} is not readable as SOAP`);
}

/** A fault's code without its prefix, and its words without the code that they begin with. */
function readFault(text: string): SalesforceComplaint | null {
  const fault = bodyOf(text)?.['Fault'];
  if (!isObject(fault)) return null;
  const code = textOrNull(fault['faultcode'])?.replace(/^.*:/, '') ?? null;
  const message = textOrNull(fault['faultstring']) ?? '';
  return { code, message: code !== null && message.startsWith(`${code}: `) ? message.slice(code.length + 2) : message };
}

function bodyOf(text: string): JsonObject | null {
  if (XMLValidator.validate(text) !== true) return null;
  const document: unknown = parser.parse(text);
  const envelope = isObject(document) ? document['Envelope'] : undefined;
  const body = isObject(envelope) ? envelope['Body'] : undefined;
  return isObject(body) ? body : null;
}
