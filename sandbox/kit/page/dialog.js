import { element } from './element.js';

let dialogs = 0;

/**
 * Opens a modal dialog with a form. Escape and Cancel close it; `submit` closes it by calling `close`. The focus goes back to where it was.
 * `build` gets `close` and answers the content between heading and buttons.
 */
export function openDialog({ title, confirm, cancel = 'Cancel', style = 'primary', build, submit, closed = () => undefined }) {
  dialogs += 1;
  const heading = element('h2', { id: `dialog-${dialogs}` }, title);
  const opener = document.activeElement;
  const confirmButton = element('button', { type: 'submit', class: style }, confirm);
  const dialog = element('dialog', { 'aria-labelledby': heading.id });
  const close = () => dialog.close();
  const onsubmit = async (event) => {
    event.preventDefault();
    confirmButton.disabled = true;
    await submit(close);
    confirmButton.disabled = false;
  };
  dialog.append(
    element(
      'form',
      { onsubmit, novalidate: true },
      heading,
      build(close),
      element('div', { class: 'dialog-actions' }, element('button', { type: 'button', onclick: close }, cancel), confirmButton),
    ),
  );
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (opener?.isConnected) opener.focus();
    closed();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks a question; false when it was cancelled. */
export function askToConfirm({ title, words, confirm, cancel, style }) {
  return new Promise((resolve) => {
    let answer = false;
    openDialog({
      title,
      confirm,
      cancel,
      style,
      build: () => element('p', {}, words),
      submit: async (close) => {
        answer = true;
        close();
      },
      closed: () => resolve(answer),
    });
  });
}
