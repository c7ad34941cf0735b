import { literal, query, update } from './crm.js';
import { announce, element, errorBox } from './element.js';

const COMMANDS = [
  { value: 'approve', label: 'Approve', style: 'primary', question: 'Approve this registration?', mustExplain: false },
  { value: 'deny', label: 'Deny', style: 'danger', question: 'Deny this registration?', mustExplain: true },
  { value: 'return', label: 'Return', style: '', question: 'Return this registration to the partner?', mustExplain: true },
  { value: 'extend', label: 'Extend', style: '', question: 'Extend the protection of this registration?', mustExplain: false },
];
const POLL_MS = 1500;
const PATIENCE_MS = 60_000;
let watch = 0;

/** The four buttons that set the command field, each after asking for a comment. The CRM's own rules refuse; the page does not judge. */
export function decisionButtons(context) {
  if (context.record.Requested_Decision__c) {
    void waitForAnswer(context);
    return element(
      'span',
      { class: 'waiting', role: 'status' },
      element('span', { class: 'spinner', 'aria-hidden': 'true' }),
      `Requested: ${context.record.Requested_Decision__c}`,
    );
  }
  return COMMANDS.map((command) =>
    element('button', { type: 'button', class: command.style, onclick: () => ask(command, context) }, command.label),
  );
}

function ask(command, context) {
  const comment = element('textarea', { rows: 4, maxlength: 255, required: command.mustExplain, id: 'decision-comment' });
  const complaint = element('div', {});
  const confirm = element('button', { type: 'submit', class: command.style || 'primary' }, command.label);
  const dialog = element('dialog', { 'aria-labelledby': 'decision-question', onclose: () => dialog.remove() });
  const submit = async (event) => {
    event.preventDefault();
    confirm.disabled = true;
    try {
      await update(context.objectName, context.id, {
        Requested_Decision__c: command.value,
        Decision_Comment__c: comment.value.trim() || null,
      });
      dialog.close();
      announce(`${command.label} requested.`);
      await context.reload();
    } catch (error) {
      confirm.disabled = false;
      complaint.replaceChildren(errorBox(error));
    }
  };
  dialog.append(
    element(
      'form',
      { onsubmit: submit },
      element('h2', { id: 'decision-question' }, command.question),
      element('p', { class: 'subject' }, [context.record.Name, context.record.Customer_Name__c].filter(Boolean).join(' · ')),
      element('label', { for: 'decision-comment' }, command.mustExplain ? 'Comment (the partner is told why)' : 'Comment (optional)'),
      comment,
      complaint,
      element('div', { class: 'dialog-actions' }, element('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel'), confirm),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  comment.focus();
}

/** Reads the record now and then until the command has been consumed, then shows the answer; gives up when the page moves on. */
async function waitForAnswer(context) {
  watch += 1;
  const mine = watch;
  const address = location.hash;
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    if (location.hash !== address || mine !== watch) return;
    if (document.hidden || document.querySelector('form.editor') !== null) continue;
    const answer = await query(
      `SELECT Requested_Decision__c, Sync_Note__c FROM ${context.objectName} WHERE Id = ${literal(context.id)}`,
    ).catch(() => null);
    const record = answer?.records[0];
    if (record === undefined || record.Requested_Decision__c !== null) continue;
    announce(record.Sync_Note__c ?? 'The request was carried out.');
    await context.reload();
    return;
  }
  announce('No answer yet. Refresh to look again.');
}
