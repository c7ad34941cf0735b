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

/** Says something once, at the foot of the page and to screen readers. */
export function announce(text, isError = false) {
  const notice = document.getElementById('notice');
  notice.textContent = text;
  notice.className = isError ? 'shown error' : 'shown';
  clearTimeout(Number(notice.dataset.timer));
  notice.dataset.timer = String(setTimeout(() => notice.classList.remove('shown'), isError ? 8000 : 4000));
}

/** A refusal of the CRM in its own words. */
export function errorBox(error) {
  const complaints = error.complaints ?? [{ errorCode: error.name, message: error.message }];
  return element(
    'div',
    { class: 'error-box', role: 'alert' },
    complaints.map(({ errorCode, message }) =>
      element('p', {}, element('strong', {}, errorCode), element('span', { class: 'words' }, message)),
    ),
  );
}
