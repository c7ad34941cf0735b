/** One piece of metadata, whatever file it came in. */

import { CHILD_KINDS } from './kind.ts';
import type { XmlElement } from './xml.ts';
import { elementsIn, textIn } from './xml.ts';

export interface Component {
  /** As the Metadata API calls it, such as `CustomField`. */
  readonly type: string;
  /** Such as `Deal_Registration__c.Status__c`. */
  readonly fullName: string;
  /** What it says, without its children; an object's fields are components of their own. */
  readonly content: XmlElement;
}

/** By `componentKey`. */
export type Components = ReadonlyMap<string, Component>;

export function componentKey(type: string, fullName: string): string {
  return `${type}/${fullName}`;
}

/** The object that a child belongs to, or an object itself. */
export function objectNameOf({ fullName }: Component): string {
  return fullName.split('.', 1)[0] ?? fullName;
}

/** The object of an object's file, without what is metadata of its own, and each of those. */
export function splitObject(objectName: string, element: XmlElement): readonly [Component, ...Component[]] {
  const elements = new Set(CHILD_KINDS.map((kind) => kind.element));
  const content = Object.fromEntries(Object.entries(element).filter(([name]) => !elements.has(name)));
  const children = CHILD_KINDS.flatMap((kind) =>
    elementsIn(element, kind.element).map((each) => ({
      type: kind.type,
      fullName: `${objectName}.${textIn(each, 'fullName') ?? ''}`,
      content: each,
    })),
  );
  return [{ type: 'CustomObject', fullName: objectName, content }, ...children];
}

/** The content of an object's file: `object`, where it is wanted, and `children` under the names of their elements. */
export function joinObject(object: Component | null, children: readonly Component[]): XmlElement {
  const parts = CHILD_KINDS.flatMap((kind) => {
    const own = children.filter((each) => each.type === kind.type).map((each) => each.content);
    return own.length === 0 ? [] : [[kind.element, own] as const];
  });
  return { ...object?.content, ...Object.fromEntries(parts) };
}
