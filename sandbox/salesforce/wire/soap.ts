/** SOAP envelopes of the Metadata API, in and out. Source: Metadata API Developer Guide, "Standards Compliance", "Error Handling". */

import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';
import type { XmlElement } from '../metadata/xml.ts';
import { elementsIn, isElement, textIn } from '../metadata/xml.ts';

export interface SoapCall {
  /** Such as `deploy`. */
  readonly operation: string;
  readonly parameters: XmlElement;
  /** Empty where the header has none. */
  readonly sessionId: string;
}

export interface SoapFault {
  readonly status: number;
  /** With its prefix, such as `sf:INVALID_SESSION_ID`. */
  readonly code: string;
  readonly message: string;
}

const METADATA = 'http://soap.sforce.com/2006/04/metadata';
const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  ignoreDeclaration: true,
  htmlEntities: true,
});
const builder = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: true });

/** Salesforce faults with 500 whatever is wrong; `code` is an exception code of the API. */
export function apiFault(code: string, message: string): SoapFault {
  return { status: 500, code: `sf:${code}`, message: `${code}: ${message}` };
}

export function clientFault(message: string): SoapFault {
  return { status: 500, code: 'soapenv:Client', message };
}

/** The call in `text`, whatever prefixes its names have. */
export function readSoapCall(text: string): { readonly call: SoapCall } | { readonly fault: SoapFault } {
  const checked = XMLValidator.validate(text);
  if (checked !== true) return { fault: clientFault(`The content of the request is not well-formed XML: ${checked.err.msg}`) };
  const document = parser.parse(text) as XmlElement;
  const [envelope] = elementsIn(document, 'Envelope');
  const [body] = envelope === undefined ? [] : elementsIn(envelope, 'Body');
  const [operation, parameters = ''] = Object.entries(body ?? {})[0] ?? [];
  if (envelope === undefined || operation === undefined) return { fault: clientFault('The request has no SOAP envelope with a body') };
  const session = elementsIn(envelope, 'Header').flatMap((header) => elementsIn(header, 'SessionHeader'))[0];
  const sessionId = session === undefined ? '' : (textIn(session, 'sessionId') ?? '');
  return { call: { operation, parameters: isElement(parameters) ? parameters : {}, sessionId } };
}

/** What an operation answers: nothing, one result or several. */
export function writeSoapAnswer(operation: string, results: readonly (XmlElement | string)[]): string {
  const answer = { [`${operation}Response`]: { '@_xmlns': METADATA, result: results } };
  return envelope({ '@_xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance' }, answer);
}

export function writeSoapFault({ code, message }: SoapFault): string {
  return envelope({ '@_xmlns:sf': METADATA }, { 'soapenv:Fault': { faultcode: code, faultstring: message } });
}

function envelope(namespaces: Readonly<Record<string, string>>, body: XmlElement): string {
  const content = { 'soapenv:Envelope': { '@_xmlns:soapenv': ENVELOPE, ...namespaces, 'soapenv:Body': body } };
  return `<?xml version="1.0" encoding="UTF-8"?>${String(builder.build(content))}`;
}
