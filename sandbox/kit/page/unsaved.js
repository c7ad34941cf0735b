/** What was typed and not saved is not lost by a click: whoever leaves is asked first. */

import { askToConfirm } from './dialog.js';

const isUnsaved = new Set();

/** From now on `hasChanges` is asked before the view is left; answers how to stop that. */
export function guardUnsaved(hasChanges) {
  isUnsaved.add(hasChanges);
  return () => isUnsaved.delete(hasChanges);
}

export function hasUnsaved() {
  return [...isUnsaved].some((hasChanges) => hasChanges());
}

/** True when nothing is unsaved, or the person lets it go. */
export async function mayLeave() {
  if (!hasUnsaved()) return true;
  return askToConfirm({
    title: 'Leave without saving?',
    words: 'What you changed here has not been saved.',
    confirm: 'Leave without saving',
    cancel: 'Stay',
  });
}

window.addEventListener('beforeunload', (event) => {
  if (hasUnsaved()) event.preventDefault();
});
