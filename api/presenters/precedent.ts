import type { Precedent } from '../../program/precedent.ts';
import type { PrecedentAnswer } from '../schemas/precedent.ts';

export function presentPrecedent(precedent: Precedent): PrecedentAnswer {
  const { claimantKinds, rivalKinds, regions, productLines } = precedent;
  return {
    ...precedent,
    claimantKinds: [...claimantKinds],
    rivalKinds: [...rivalKinds],
    regions: [...regions],
    productLines: [...productLines],
  };
}
