/** Colours: whether those that the host chose can be read, each against what it stands on. */

const TEXT = 4.5;
const CONTROL = 3;

/** Tokens of the style: what is drawn, on what, and the least contrast (WCAG 2.2, 1.4.3, 1.4.11). */
const PAIRS = [
  ["ink", "paper", TEXT],
  ["ink", "paper-raised", TEXT],
  ["ink-soft", "paper", TEXT],
  ["ink-soft", "paper-raised", TEXT],
  ["link", "paper", TEXT],
  ["link", "paper-raised", TEXT],
  ["on-accent", "accent", TEXT],
  ["accent", "paper", CONTROL],
  ["line", "paper", CONTROL],
  ["line", "paper-raised", CONTROL],
] as const;

/** What cannot be read inside of an element, in words for the host's developer; empty if all can. */
export function unreadable(within: HTMLElement): string[] {
  const probe = document.createElement("span");
  within.append(probe);
  const resolved = (token: string): number | undefined => {
    // Mixed with itself, whatever a colour is written in is told in sRGB.
    probe.style.color = `color-mix(in srgb, var(--${token}), var(--${token}))`;
    return luminance(getComputedStyle(probe).color);
  };
  const found = PAIRS.flatMap(([on, under, least]) => {
    const [a, b] = [resolved(on), resolved(under)];
    if (a === undefined || b === undefined) return [`--upheld-${on} on --upheld-${under} is no plain colour`];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    return ratio < least
      ? [`--upheld-${on} on --upheld-${under} has a contrast of ${ratio.toFixed(2)}, wanted ${least}`]
      : [];
  });
  probe.remove();
  return found;
}

/** Relative luminance, 0 to 1 (WCAG 2.2), of `color(srgb r g b)`; undefined where it is another. */
function luminance(colour: string): number | undefined {
  const [, ...channels] = /^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)\)$/.exec(colour) ?? [];
  if (channels.length < 3) return undefined;
  const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
    const share = Math.min(Math.max(Number(channel), 0), 1);
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
