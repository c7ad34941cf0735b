/**
 * Makes a DOM element. Attributes whose value is null, undefined or false are left out; those that start with `on` are listeners.
 * Children are elements or texts; text is never read as HTML.
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** Text that screen readers say and nobody sees. */
export function spoken(text) {
  return element('span', { class: 'spoken' }, text);
}

/** Puts `children` in the place of what `container` holds. The focus stays on the control that has the same name afterwards. */
export function redraw(container, ...children) {
  const focused = container.contains(document.activeElement) ? document.activeElement : null;
  const name = focused === null ? null : controlName(focused);
  container.replaceChildren(...children.flat(Infinity).filter(Boolean));
  if (name === null) return;
  const same = [...container.querySelectorAll(focused.tagName)].find((each) => controlName(each) === name);
  same?.focus({ preventScroll: true });
}

function controlName(control) {
  return control.id || control.getAttribute('aria-label') || control.textContent;
}

const SHOWN_MS = 5000;
let hiding;

/** Says something once, at the foot of the page and to screen readers. What must not be missed stands on the page as well. */
export function announce(text) {
  const notice = document.getElementById('notice');
  notice.textContent = text;
  notice.classList.add('shown');
  clearTimeout(hiding);
  hiding = setTimeout(() => notice.classList.remove('shown'), SHOWN_MS);
}

/** Says something to screen readers alone: what others see for themselves. */
export function say(text) {
  document.getElementById('said').textContent = text;
}

/** A refusal of the CRM in its own words. */
export function errorBox(error) {
  const complaints = error.complaints ?? [{ errorCode: error.name, message: error.message }];
  return element(
    'div',
    { class: 'error-box', role: 'alert' },
    complaints.map(({ errorCode, message }) =>
      element('p', {}, element('span', { class: 'words' }, message), ' ', element('code', {}, errorCode)),
    ),
  );
}

/** A card with a heading. */
export function card(title, attributes, ...children) {
  const id = `card-${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  return element(
    'section',
    { ...attributes, class: `card ${attributes.class ?? ''}`.trim(), 'aria-labelledby': id },
    element('h2', { id }, title),
    ...children,
  );
}
