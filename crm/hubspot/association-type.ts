import { textOrNull, type JsonObject } from '../answer-shape.ts';

export interface AssociationType {
  readonly category: string;
  readonly typeId: number;
  /** Null for the association as such. */
  readonly label: string | null;
}

/** A type as the associations API and its labels tell it; null for what is none. */
export function readType(type: JsonObject): AssociationType | null {
  const [typeId, category] = [type['typeId'], textOrNull(type['category'])];
  return typeof typeId === 'number' && category !== null ? { category, typeId, label: textOrNull(type['label']) } : null;
}

export function isSameType(one: AssociationType, other: AssociationType): boolean {
  return one.category === other.category && one.typeId === other.typeId;
}
