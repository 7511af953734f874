// The row under the pictures: previous, counter, next, pause, bullets. Real buttons, all of them.

/**
 * @param {string} className
 * @param {string} [label]
 */
function button(className, label) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = className;
  if (label) element.setAttribute("aria-label", label);
  return element;
}

/**
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
function find(selector) {
  try {
    return selector ? document.querySelector(selector) : null;
  } catch {
    return null; // not a selector at all
  }
}

/**
 * Returns the arrows: the page's own where the settings name them, otherwise new ones.
 * @param {SliderSettings} settings
 */
export function createNav({ previousNavSelector, nextNavSelector }) {
  return {
    previous: find(previousNavSelector) ?? button("slider-previous", "Previous slide"),
    next: find(nextNavSelector) ?? button("slider-next", "Next slide"),
  };
}

/**
 * @param {number} count
 * @param {(number: number) => void} onChoose
 */
function createBullets(count, onChoose) {
  const group = document.createElement("div");
  group.className = "slider-bullets";
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Choose a slide");
  for (let number = 1; number <= count; number += 1) {
    const bullet = button("slider-bullet", `Slide ${number}`);
    bullet.addEventListener("click", () => onChoose(number));
    group.append(bullet);
  }
  return group;
}

/**
 * Where arrow keys move between bullets, Tab stops at the current one only.
 * @param {HTMLElement} bullets
 * @param {number} index
 * @param {boolean} hasKeys
 */
function markBullet(bullets, index, hasKeys) {
  const hadFocus = bullets.contains(document.activeElement);
  const all = /** @type {HTMLElement[]} */ ([...bullets.children]);
  for (const [position, bullet] of all.entries()) {
    const isCurrent = position === index;
    bullet.tabIndex = isCurrent || !hasKeys ? 0 : -1;
    if (isCurrent) bullet.setAttribute("aria-current", "true");
    else bullet.removeAttribute("aria-current");
    if (isCurrent && hadFocus) bullet.focus();
  }
}

function createCounter() {
  const counter = document.createElement("span");
  counter.className = "slider-counter";
  counter.setAttribute("aria-hidden", "true"); // each slide's label says it, too
  return counter;
}

/**
 * Returns the row and two functions that keep it up to date. `nav` may lack its arrows; those that
 * the page has elsewhere stay there. No `onChoose`: no bullets. No `onToggle`: no pause button.
 * @param {object} options
 * @param {number} options.count
 * @param {SliderNav} options.nav
 * @param {boolean} options.hasKeys
 * @param {((number: number) => void) | undefined} options.onChoose
 * @param {(() => void) | undefined} options.onToggle
 */
export function createControls({ count, nav, hasKeys, onChoose, onToggle }) {
  const counter = createCounter();
  const bullets = onChoose && createBullets(count, onChoose);
  const toggle = onToggle && button("slider-toggle");
  if (toggle) toggle.addEventListener("click", onToggle);
  const row = document.createElement("div");
  row.className = "slider-controls";
  const parts = [nav.previous, counter, nav.next, toggle, bullets];
  for (const part of parts) {
    if (part && !part.isConnected) row.append(part);
  }
  return {
    row,
    showSlide(/** @type {number} */ index) {
      counter.textContent = `${index + 1} / ${count}`;
      if (bullets) markBullet(bullets, index, hasKeys);
    },
    showRotation(/** @type {boolean} */ running) {
      if (toggle) toggle.textContent = running ? "Pause" : "Play";
    },
  };
}
