/** Metadata as XML: read with the places of its elements, and written as Salesforce lays it out. */

import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element that holds others, by name; a name that is repeated holds a list. Attributes begin with `@_`. */
export interface XmlElement {
  readonly [name: string]: XmlValue;
}
export type XmlValue = string | XmlElement | readonly (string | XmlElement)[];

export type XmlReading =
  | { readonly kind: 'read'; readonly root: string; readonly element: XmlElement }
  | { readonly kind: 'malformed'; readonly message: string; readonly line: number; readonly column: number };

const NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';

const parser = new XMLParser({
  ignoreAttributes: false,
  parseTagValue: false,
  parseAttributeValue: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // Character references by number are XML, and this option is what reads them.
  htmlEntities: true,
  captureMetaData: true,
});
const builder = new XMLBuilder({ ignoreAttributes: false, format: true, indentBy: '    ', suppressEmptyNode: true });
const PLACE = XMLParser.getMetaDataSymbol() as symbol;

/** The one element of a document; its own attributes are left out. */
export function readXml(text: string): XmlReading {
  const checked = XMLValidator.validate(text);
  if (checked !== true) {
    const { msg, line, col } = checked.err;
    return { kind: 'malformed', message: msg, line, column: col ?? 1 };
  }
  const document = parser.parse(text) as XmlElement;
  const [root, value] = Object.entries(document)[0] ?? ['', ''];
  return { kind: 'read', root, element: isElement(value) ? withoutAttributes(value) : {} };
}

/** A document of the metadata namespace. */
export function writeXml(root: string, element: XmlElement): string {
  const body = String(builder.build({ [root]: { '@_xmlns': NAMESPACE, ...element } }));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body}`;
}

export function isElement(value: XmlValue | undefined): value is XmlElement {
  return typeof value === 'object' && !Array.isArray(value);
}

/** What stands under `name`: nothing, one or several. */
export function listed(element: XmlElement, name: string): readonly (string | XmlElement)[] {
  const value = element[name];
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly (string | XmlElement)[]) : [value as string | XmlElement];
}

export function elementsIn(element: XmlElement, name: string): readonly XmlElement[] {
  return listed(element, name).filter((each) => isElement(each));
}

/** The text under `name`, the first where there are several; null where there is none. */
export function textIn(element: XmlElement, name: string): string | null {
  const [first] = listed(element, name);
  return typeof first === 'string' ? first : null;
}

/** Where `element` begins in `text`, counted from 1; null for one that was not read from a text. */
export function placeOf(text: string, element: XmlElement): { readonly line: number; readonly column: number } | null {
  const start = (element as Record<symbol, { readonly startIndex?: number } | undefined>)[PLACE]?.startIndex;
  if (start === undefined) return null;
  const before = text.slice(0, start).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function withoutAttributes(element: XmlElement): XmlElement {
  return Object.fromEntries(Object.entries(element).filter(([name]) => !name.startsWith('@_')));
}
