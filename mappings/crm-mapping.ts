import type { ObjectType } from '../program/vocabulary.ts';
import type { ObjectMapping } from './field-mapping.ts';

/** What the objects and fields of one kind of CRM mean to us, by our object type. */
export type CrmMapping = Readonly<Record<ObjectType, ObjectMapping>>;
