// The form around the stage says what the view is, and the other way round.

const percent = (number) => `${Math.round(number)}\u00a0%`;
const lower = (text) => text.charAt(0).toLowerCase() + text.slice(1);
const SAID = { opacity: percent, gain: (number) => `${number}\u00a0×`, level: String };

export function listen(form, change, act) {
  form.addEventListener("input", ({ target: { name, type, value, valueAsNumber } }) => {
    const isStep = type !== "range" && type !== "color";
    if (name === "colour") name = "backdrop";
    else if (value === "colour") value = form.elements.colour.value;
    change({ [name]: type === "range" ? valueAsNumber : value }, isStep);
  });
  form.addEventListener("click", ({ target }) => {
    const button = target.closest("button[type=button]");
    if (button) act(button.value);
  });
}

// Shows the view; `scale` is the screen's pixels for a pixel of the photo.
export function show(form, view, a, b, scale) {
  const { elements } = form;
  const isColour = view.backdrop.startsWith("#");
  for (const name of ["a", "b", "mode", "at"]) elements[name].value = view[name];
  for (const name in SAID) {
    const said = SAID[name](view[name]);
    elements[name].value = view[name];
    elements[name].ariaValueText = said;
    form.querySelector(`.${name}`).textContent = said;
  }
  elements.backdrop.value = isColour ? "colour" : view.backdrop;
  elements.colour.hidden = !isColour;
  if (isColour) elements.colour.value = view.backdrop;
  form.querySelector("[value=flip]").ariaPressed = view.shows === "b";
  form.querySelector(".zoom").textContent = percent(scale * 100);
  const [first, second] = [lower(a.label), lower(b.label)];
  elements.at.ariaLabel = `Divider between ${first} and ${second}`;
  const at = Math.round(view.at);
  elements.at.ariaValueText = `${percent(at)} ${first}, ${percent(100 - at)} ${second}`;
}
