// Tells the style sheet how high the bar at the foot of the page is, so that the viewer ends above it.

export function followBar() {
  const bar = document.querySelector(".bar");
  const { style } = document.body;
  const note = () => style.setProperty("--bar", `${bar?.getBoundingClientRect().height ?? 0}px`);
  if (bar) new ResizeObserver(note).observe(bar);
}
